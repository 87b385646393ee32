import type { Node } from 'oxc-parser'
import type { Check } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { lookAtAll, textOf, type Place } from '../parts/looked-at-code.ts'

/** Modules of Node that make code, processes or threads, or look into others. */
const FORBIDDEN: ReadonlySet<string> = new Set(['child_process', 'cluster', 'inspector', 'inspector/promises', 'module', 'process', 'repl', 'trace_events', 'v8', 'vm', 'wasi', 'worker_threads', 'sea', 'test', 'test/reporters'])
const MAKERS: ReadonlySet<string> = new Set(['eval', 'Function'])
/** Names of the object that has all of them. */
const GLOBAL_OBJECTS: ReadonlySet<string> = new Set(['globalThis', 'global', 'self', 'window'])
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

function look({ node, parent, isGlobal }: Place): string | undefined {
  const taken = takenMessage(node, parent, isGlobal)
  if (taken !== undefined) return taken
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
      if (name === undefined && node.computed && node.property.type !== 'Literal' && !isSymbol(node.property) && isGlobalObject(node.object, isGlobal)) {
        return `It takes something of the global object by a computed name, which may be eval or Function.`
      }
      if (name !== undefined && PROCESS.has(name) && isName(node.object, 'process', isGlobal)) return `It uses process.${name}.`
      return undefined
    }
    default: return undefined
  }
}

function calledMessage(callee: Node, given: readonly Node[], isGlobal: Place['isGlobal']): string | undefined {
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

/** Whoever has hold of one of these under another name does with it what no reader sees, so that taking hold is enough. */
function takenMessage(node: Node, parent: Node | null, isGlobal: Place['isGlobal']): string | undefined {
  if ((node.type !== 'Identifier' && node.type !== 'MemberExpression') || !isValue(node, parent)) return undefined
  for (const maker of MAKERS) if (isName(node, maker, isGlobal)) return `It makes code while it runs: ${maker}(…).`
  const isCalled = (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') && parent.callee === node
  return !isCalled && isName(node, 'require', isGlobal) ? 'It takes hold of require, which gives any module by a computed name.' : undefined
}

/** Whether a node stands for its value. A name of a property, a type, and what is only compared with are none. */
function isValue(node: Node, parent: Node | null): boolean {
  switch (parent?.type) {
    case 'MemberExpression': return parent.object === node ? !(!parent.computed && parent.property.type === 'Identifier' && parent.property.name === 'prototype') : parent.computed
    case 'Property':
    case 'PropertyDefinition':
    case 'AccessorProperty':
    case 'MethodDefinition': return parent.key !== node || parent.computed
    case 'BinaryExpression': return !['instanceof', '==', '===', '!=', '!=='].includes(parent.operator)
    case 'UnaryExpression': return parent.operator !== 'typeof'
    case 'ExportSpecifier':
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty': return false
    default: return parent?.type.startsWith('TS') !== true || ['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression', 'TSTypeAssertion', 'TSInstantiationExpression', 'TSExportAssignment', 'TSEnumMember'].includes(parent.type)
  }
}

/** Whether it is the global object, whatever a type says of it. */
function isGlobalObject(node: Node, isGlobal: Place['isGlobal']): boolean {
  if (node.type === 'TSAsExpression' || node.type === 'TSNonNullExpression' || node.type === 'TSSatisfiesExpression' || node.type === 'ParenthesizedExpression') return isGlobalObject(node.expression, isGlobal)
  return node.type === 'Identifier' && GLOBAL_OBJECTS.has(node.name) && isGlobal(node.name)
}

/** Under a symbol libraries keep what they share; nothing that makes code stands there. */
function isSymbol(node: Node): boolean {
  if (node.type === 'CallExpression') return isSymbol(node.callee)
  return node.type === 'MemberExpression' ? isSymbol(node.object) : node.type === 'Identifier' && node.name === 'Symbol'
}

/** A global by its name, also as a property of the global object. */
function isName(node: Node, name: string, isGlobal: Place['isGlobal']): boolean {
  if (node.type === 'Identifier') return node.name === name && isGlobal(name)
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier' || !GLOBAL_OBJECTS.has(node.object.name) || !isGlobal(node.object.name)) return false
  return node.computed ? textOf(node.property) === name : node.property.type === 'Identifier' && node.property.name === name
}

function forbidden(specifier: string): string | undefined {
  const name = specifier.replace(/^node:/, '')
  if (FORBIDDEN.has(name)) return `It asks for node:${name}, which makes code, processes or threads, or looks into others.`
  return specifier.endsWith('.node') ? `It loads native code: ${specifier}.` : undefined
}
