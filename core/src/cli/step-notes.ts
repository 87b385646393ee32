import type { Io } from './io.ts'

/** Says on standard error what a change of a tenant's plugin is at, so that nobody wonders about a long silence. Says nothing beside a JSON answer. */
export function stepNotes(io: Io, tenant: string): (what: string) => void {
  return (what) => { if (!io.json) io.note(`${tenant}: ${what}…`) }
}
