import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void

/** Has V8 collect what is young, as it does by itself all the time under load. */
export function collectYoung(): void {
  collect({ type: 'minor' })
}

/** Has all that is there now count as old, as on a server that has run for a while. */
export function growOld(): void {
  for (let count = 0; count < 4; count += 1) collectYoung()
}
