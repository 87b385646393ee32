import type { Container } from '../container.ts'
import { repeat } from '../sweeps.ts'
import type { Base } from './base.ts'
import { INSTALLATIONS } from './tokens.ts'

/** How often it is looked whether an operation was left that nobody is at, in milliseconds, besides when a node has died. */
const LOOK_EVERY_MS = 20_000

/** Brings memory up to what other nodes have changed while this one was opened, and finishes from now on what those leave that die. */
export async function followOthers(services: Container, { bulletin, life, log, scope, serving }: Base): Promise<void> {
  if (life === undefined) return
  await bulletin.caughtUp()
  let under: Promise<void> = Promise.resolve()
  const takeOver = (): Promise<void> => {
    under = under.then(() => services.get(INSTALLATIONS).takeOver()).catch((err: unknown) => { log.warn({ err }, 'what another node left could not be looked at; the next round comes') })
    return under
  }
  serving.died = () => { void takeOver() }
  repeat(scope, 'taking over', log, LOOK_EVERY_MS, [takeOver])
  scope.defer('what is being taken over', () => under)
}
