import { Module } from 'node:module'
import { compileFunction, runInNewContext, runInThisContext, Script } from 'node:vm'
import { attempts, evil } from '../evil-plugin.ts'

/** The smallest module of WebAssembly. */
const EMPTY_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
const escape = 'process.getBuiltinModule("fs").readFileSync("/etc/passwd", "latin1")'

/** Makes code from text, by every way there is, and lets it read a file: what runs must not be able to do more than the plugin itself. */
export default evil('code-from-strings', () => attempts({
  // eslint-disable-next-line no-eval
  'eval': () => (0, eval)(escape) as unknown,
  // eslint-disable-next-line typescript/no-implied-eval
  'Function': () => new Function(`return ${escape}`)() as unknown,
  'a constructor of a function': () => (((): void => undefined).constructor as FunctionConstructor)(`return ${escape}`)() as unknown,
  'setTimeout': () => { (setTimeout as (code: unknown) => void)(escape); return 'set' },
  'vm': () => runInThisContext(escape) as unknown,
  'vm, a new context': () => runInNewContext('this.constructor.constructor("return process")().exit()') as unknown,
  'vm, compiled': () => compileFunction(`return ${escape}`)() as unknown,
  'vm, a script': () => new Script(escape).runInThisContext() as unknown,
  'a module': () => (new Module('evil') as unknown as { _compile(code: string, file: string): unknown })._compile(`module.exports = ${escape}`, '/evil.js'),
  'a data URL': async () => import(`data:text/javascript,${encodeURIComponent(`export default ${escape}`)}`),
  'WebAssembly': async () => { await WebAssembly.instantiate(EMPTY_MODULE); throw new Error('it ran, and can do nothing') },
}))
