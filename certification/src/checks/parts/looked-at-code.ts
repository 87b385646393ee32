import { ScopeTracker, walk } from 'oxc-walker'
import type { Node } from 'oxc-parser'
import type { Finding } from '../../harness/check.ts'
import type { CodeFile, SourceSubject } from '../../harness/subject.ts'
import { originOf } from './bundled-packages.ts'

/** One place in the code. */
export interface Place {
  readonly node: Node
  readonly parent: Node | null
  /** Whether a name that is used here is the global one: nothing in the file declares it. */
  readonly isGlobal: (name: string) => boolean
}

/** Walks one file, and collects what is said of its places. */
function lookAt(file: CodeFile, look: (place: Place) => string | undefined): readonly { readonly message: string; readonly line: number }[] {
  const found: { message: string; line: number }[] = []
  const scopeTracker = new ScopeTracker({ preserveExitedScopes: true })
  // Once for the declarations, which may come after their use.
  walk(file.program, { scopeTracker })
  scopeTracker.freeze()
  const isGlobal = (name: string): boolean => !scopeTracker.isDeclared(name)
  walk(file.program, {
    scopeTracker,
    enter(node, parent) {
      const message = look({ node, parent, isGlobal })
      if (message !== undefined) found.push({ message, line: file.lineAt(node.start) })
    },
  })
  return found
}

/**
 * Looks at the code that runs: the author's files but for the tests, and in the bundle that of packages. What is in the author's files is told with their lines,
 * what came in with a package with the line of the bundle and the name of the package.
 */
export function lookAtAll({ code, bundle, folder }: SourceSubject, fix: string, look: (place: Place) => string | undefined): readonly Finding[] {
  const own = code.filter(({ isTest, path }) => !isTest && !isConfiguration(path))
  const found = own.flatMap((file) => lookAt(file, look).map(({ message, line }): Finding => ({ message, fix, file: file.path, line, evidence: excerpt(file, line) })))
  if (bundle === undefined || folder === undefined) return found
  const ofPackages = lookAt(bundle, look).flatMap(({ message, line }): readonly Finding[] => {
    const origin = originOf(bundle, line)
    return origin === undefined || /^(?:@[^\s/@]+\/)?[^\s/@]+@\d/.test(origin) ? [{ message: `${origin === undefined ? '' : `${origin}: `}${message}`, fix, file: bundle.path, line, evidence: excerpt(bundle, line) }] : []
  })
  // What stands before the first mark is of the bundler itself, which asks for nothing; a bundle without marks is all somebody's.
  return [...found, ...ofPackages.filter(({ line = 0 }) => originOf(bundle, line) !== undefined || originOf(bundle, Number.MAX_SAFE_INTEGER) === undefined)]
}

function isConfiguration(path: string): boolean {
  return /(^|\/)[^/]+\.config\.[cm]?[jt]s$/.test(path)
}

function excerpt(file: CodeFile, line: number): readonly string[] {
  return [(file.text.split('\n')[line - 1] ?? '').trim().slice(0, 160)]
}

/** The text of a literal, or `undefined` for what is computed. */
export function textOf(node: Node | null | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? undefined
  return undefined
}
