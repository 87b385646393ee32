import type { Program } from './program.ts'
import type { Target } from './load.ts'
import type { Workshop } from './workshop.ts'

/** A commune of the platform under test, and how its agent is known. */
export interface TestCommune {
  readonly id: string
  readonly host: string
  readonly cookie: string
  readonly token: string
}

/** The platform under test, and REF beside it; both run during all of a measure, so that both see the same machine. */
export interface Servers {
  readonly ours: Program
  readonly bare: Program
  readonly port: number
  readonly notes: TestCommune
  readonly tiles: TestCommune
  readonly freshTiles: TestCommune
  readonly shipped: TestCommune
  readonly barePort: number
  readonly bareToken: string
}

/** Starts them, once a run. */
export function startServers(workshop: Workshop): Promise<Servers> {
  return workshop.once('servers', async () => {
    workshop.note('building and starting the servers')
    const [ours, bare] = await Promise.all([workshop.program('platform-server'), workshop.program('reference-server')])
    const here = await ours.ask<Pick<Servers, 'port' | 'notes' | 'tiles' | 'freshTiles' | 'shipped'>>('where')
    const there = await bare.ask<{ readonly port: number; readonly token: string }>('where')
    return { ours, bare, ...here, barePort: there.port, bareToken: there.token }
  })
}

/** Address of a commune's page or API, asked as its agent. */
export function asAgent(servers: Servers, { host, cookie, token }: TestCommune, path: string, by: 'cookie' | 'token'): Target {
  return { port: servers.port, path, headers: { host: `${host}:${servers.port}`, ...(by === 'cookie' ? { cookie } : { authorization: `Bearer ${token}` }) } }
}
