import { walk } from 'oxc-walker'
import type { Node } from 'oxc-parser'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import type { CodeFile } from '../../harness/subject.ts'

/** Called to define a test; `test.each(…)(…)` too. */
const TESTS: ReadonlySet<string> = new Set(['test', 'it'])
/** Called to look at something: `expect`, `assert`, and an author's own that says so by its name. */
const LOOKS = /^(expect|assert|certify|should|verify|check)/
const SHOWN = 20

/** It has tests, and they look at something. */
export const testsThatTest: Check<'static'> = {
  id: 'OPS-02', since: '1.0', level: 'silver', gate: 'static', maturity: 'enforced', timeoutMs: 20_000,
  title: { fr: 'L’application a des essais qui vérifient', en: 'The plugin has tests that test' },
  rationale: {
    fr: 'Une correction urgente, un soir d’élection, se livre en confiance si des essais la vérifient ; un essai qui ne regarde rien rassure à tort.',
    en: 'An urgent correction on the evening of an election is delivered with confidence when tests hold it; a test that looks at nothing comforts wrongly.',
  },
  howToFix: 'Write tests of the domain and of each page (test/*.test.ts) with the test kit, each with an expect(…) of what must be.',
  example: { bad: "test('books a meal', async () => { await book(meal) })", good: "test('books a meal', async () => { expect(await book(meal)).toEqual({ status: 'booked' }) })" },
  async run({ code, folder }) {
    if (folder === undefined) return { status: 'skip', why: 'An archive holds no tests: give the folder.' }
    const files = code.filter(({ path }) => /\.(test|spec)\.[cm]?[jt]sx?$/.test(path))
    const { howToFix: fix } = this
    if (files.length === 0) return findings([{ message: 'It has no test: there is no file called *.test.ts.', fix, file: 'test', evidence: [] }])
    const tests = files.flatMap((file) => testsIn(file))
    if (tests.length === 0) return findings([{ message: 'Its files of tests define none.', fix, file: files[0]?.path ?? 'test', evidence: [] }])
    const idle = tests.filter(({ looks }) => !looks)
    return findings(idle.slice(0, SHOWN).map(({ file, line, title }): Finding => ({ message: `The test "${title}" looks at nothing: it holds no expect(…).`, fix, file, line, evidence: [] })), [`${tests.length} tests in ${files.length} files`])
  },
}

interface FoundTest {
  readonly file: string
  readonly line: number
  readonly title: string
  readonly looks: boolean
}

function testsIn(file: CodeFile): readonly FoundTest[] {
  const found: FoundTest[] = []
  walk(file.program, {
    enter(node) {
      if (node.type !== 'CallExpression' || !isTest(node.callee)) return
      const body = node.arguments.find((given) => given.type === 'ArrowFunctionExpression' || given.type === 'FunctionExpression')
      const title = node.arguments[0]
      if (body === undefined || title === undefined) return
      found.push({ file: file.path, line: file.lineAt(node.start), title: file.text.slice(title.start, title.end).replaceAll(/^['"`]|['"`]$/g, ''), looks: looksIn(body) })
      this.skip()
    },
  })
  return found
}

function isTest(callee: Node): boolean {
  if (callee.type === 'Identifier') return TESTS.has(callee.name)
  if (callee.type === 'MemberExpression') return isTest(callee.object)
  return callee.type === 'CallExpression' || callee.type === 'TaggedTemplateExpression' ? isTest(callee.type === 'CallExpression' ? callee.callee : callee.tag) : false
}

function looksIn(body: Node): boolean {
  let looks = false
  walk(body, {
    enter(node) {
      if (node.type !== 'CallExpression') return
      const { callee } = node
      const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : ''
      const owner = callee.type === 'MemberExpression' && callee.object.type === 'Identifier' ? callee.object.name : ''
      if (LOOKS.test(name) || LOOKS.test(owner)) looks = true
    },
  })
  return looks
}
