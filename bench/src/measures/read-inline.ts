import { NOTES } from '../fixtures/note-plugin.ts'
import type { Measure } from '../measure.ts'
import { compare } from '../rounds.ts'
import { asAgent, startServers } from '../servers.ts'

/** A read by id through everything: tenant, session, permission, plugin, query builder, answer schema. */
export const readInline: Measure = {
  name: 'read-inline',
  about: 'authenticated, tenant-scoped, permission-checked read by id through an inline plugin, beside REF',
  async run(workshop) {
    const servers = await startServers(workshop)
    const id = `note-${NOTES / 2}`
    const bare = { program: servers.bare, target: { port: servers.barePort, path: `/notes/${id}`, headers: { host: 'localhost', authorization: `Bearer ${servers.bareToken}` } } }
    workshop.note('reading with a token')
    const token = await compare(workshop, { program: servers.ours, target: asAgent(servers, servers.notes, `/apps/notes/${id}`, 'token') }, bare)
    workshop.note('reading with a session cookie')
    const cookie = await compare(workshop, { program: servers.ours, target: asAgent(servers, servers.notes, `/apps/notes/${id}`, 'cookie') }, bare)
    const figures = (what: string, { ours, bare: ref }: typeof token) => [
      { what, unit: 'requests/s', better: 'higher', goal: { of: 'ratio', limit: 0.6 }, ours: ours.map((round) => round.perSecond), bare: ref.map((round) => round.perSecond) },
      { what: `${what}, p99 at 32 connections`, unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 10 }, ours: ours.map((round) => round.p99), bare: ref.map((round) => round.p99) },
      { what: `${what}, CPU of the server`, unit: 'µs/request', better: 'lower', ours: ours.map((round) => round.cpu), bare: ref.map((round) => round.cpu) },
    ] as const
    return [...figures('API token', token), ...figures('session cookie', cookie)]
  },
}
