import type { Node } from 'oxc-parser'
import type { Check } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { lookAtAll, textOf, type Place } from '../parts/looked-at-code.ts'

/** Modules of Node that make code, processes or threads, or look into others. */
const FORBIDDEN: ReadonlySet<string> = new Set(['child_process', 'cluster', 'inspector', 'inspector/promises', 'module', 'process', 'repl', 'trace_events', 'v8', 'vm', 'wasi', 'worker_threads', 'sea', 'test', 'test/reporters'])
const MAKERS: ReadonlySet<string> = new Set(['eval', 'Function'])
const PROCESS: ReadonlySet<string> = new Set(['binding', 'dlopen', '_linkedBinding', 'getBuiltinModule', 'kill', 'execve', 'mainModule'])

/** The code that runs is the code that is there. */
export const plainCode: Check<'static'> = {
  id: 'SEC-01', since: '1.0', level: 'bronze', gate: 'static', maturity: 'enforced', timeoutMs: 20_000,
  title: { fr: 'Le code qui s’exécute est celui qu’on lit', en: 'The code that runs is the code that is read' },
  rationale: {
    fr: 'Un programme fabriqué pendant l’exécution, ou lancé à côté, échappe à toute relecture et à tous les contrôles de la plateforme.',
    en: 'Code that is made while it runs, or started beside it, escapes every review and every control of the platform.',
  },
  howToFix: 'Write the code out: no eval, no Function, no import or require of a computed name, no child process, thread, vm or native module. What must run elsewhere is an application of its own (runtime: remote).',
  example: { bad: 'const tool = await import(c.settings.tool)', good: "import { tool } from './tool.ts'" },
  refs: { cwe: [94, 95, 829] },
  async run(subject) {
    if (subject.code.length === 0) return { status: 'skip', why: 'There is no code to look at.' }
    return findings(lookAtAll(subject, this.howToFix, look))
  },
}

function look({ node, isGlobal }: Place): string | undefined {
  switch (node.type) {
    case 'CallExpression':
    case 'NewExpression': return calledMessage(node.callee, node.arguments, isGlobal)
    case 'ImportExpression': {
      const name = textOf(node.source)
      return name === undefined ? 'It imports a module whose name is computed.' : forbidden(name)
    }
    case 'ImportDeclaration': return node.importKind === 'type' ? undefined : forbidden(node.source.value)
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': return node.source === null ? undefined : forbidden(node.source.value)
    case 'MemberExpression': {
      const name = node.computed ? textOf(node.property) : node.property.type === 'Identifier' ? node.property.name : undefined
      if (name !== undefined && PROCESS.has(name) && isName(node.object, 'process', isGlobal)) return `It uses process.${name}.`
      return undefined
    }
    default: return undefined
  }
}

function calledMessage(callee: Node, given: readonly Node[], isGlobal: Place['isGlobal']): string | undefined {
  for (const maker of MAKERS) if (isName(callee, maker, isGlobal)) return `It makes code while it runs: ${maker}(…).`
  // (0, eval)(…) and its like.
  if (callee.type === 'ParenthesizedExpression') return calledMessage(callee.expression, given, isGlobal)
  if (callee.type === 'SequenceExpression') return calledMessage(callee.expressions.at(-1) ?? callee, given, isGlobal)
  if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier' && callee.property.name === 'constructor') return 'It calls the constructor of something, which makes code of text when that is a function.'
  if (isName(callee, 'require', isGlobal)) {
    const name = textOf(given[0])
    return name === undefined ? 'It requires a module whose name is computed.' : forbidden(name)
  }
  return undefined
}

/** A global by its name, also as a property of the global object. */
function isName(node: Node, name: string, isGlobal: Place['isGlobal']): boolean {
  if (node.type === 'Identifier') return node.name === name && isGlobal(name)
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier' || !['globalThis', 'global', 'self', 'window'].includes(node.object.name) || !isGlobal(node.object.name)) return false
  return node.computed ? textOf(node.property) === name : node.property.type === 'Identifier' && node.property.name === name
}

function forbidden(specifier: string): string | undefined {
  const name = specifier.replace(/^node:/, '')
  if (FORBIDDEN.has(name)) return `It asks for node:${name}, which makes code, processes or threads, or looks into others.`
  return specifier.endsWith('.node') ? `It loads native code: ${specifier}.` : undefined
}
