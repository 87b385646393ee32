import { createSocket, type Socket } from 'node:dgram'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readEgressPolicy } from '../../src/egress/egress-policy.ts'
import { fetchAs } from '../../src/egress/fetch-as.ts'
import { readHosts } from '../../src/egress/hosts-file.ts'
import { lookupInTurns } from '../../src/egress/lookup-turns.ts'
import { createMachineLookup } from '../../src/egress/machine-lookup.ts'
import { namesToAsk } from '../../src/egress/search-list.ts'
import type { LoadedRelease } from '../../src/runtime/release.ts'
import { temporaryFolder } from '../storage/temporary-storage.ts'

const PUBLIC = '93.184.215.14'
const PUBLIC_6 = '2606:2800:21f:cb07:6820:80da:af6b:8b2c'
const still = new AbortController().signal

/** Answers of one name: addresses, or a code of DNS (3: there is no such name). */
type Zone = Readonly<Record<string, { readonly A?: string; readonly AAAA?: string } | 'silent' | number>>

/** A name server of the test's own; it never answers for names that are silent, or only for IPv6 where that is. */
async function nameServer(zone: Zone): Promise<{ readonly address: string; readonly asked: string[] }> {
  const asked: string[] = []
  const server: Socket = createSocket('udp4')
  server.on('message', (question, { port, address }) => {
    const labels: string[] = []
    let at = 12
    for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
      labels.push(question.toString('latin1', at + 1, at + 1 + length))
      at += length + 1
    }
    const name = labels.join('.').toLowerCase()
    const kind = question.readUInt16BE(at + 1) === 28 ? 'AAAA' : 'A'
    asked.push(`${name} ${kind}`)
    const known = zone[name] ?? 3
    if (known === 'silent') return
    const found = typeof known === 'number' ? undefined : known[kind]
    if (found === 'silent') return
    const data = found === undefined ? undefined : Buffer.from(kind === 'A' ? found.split('.').map(Number) : found.split(':').flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]))
    const head = Buffer.from(question.subarray(0, 12))
    head.writeUInt16BE(0x8180 | (typeof known === 'number' ? known : 0), 2)
    head.writeUInt16BE(1, 4)
    head.writeUInt16BE(data === undefined ? 0 : 1, 6)
    head.writeUInt32BE(0, 8)
    const answer = data === undefined ? [] : [Buffer.from([0xc0, 12, 0, kind === 'A' ? 1 : 28, 0, 1, 0, 0, 0, 60, 0, data.length]), data]
    server.send(Buffer.concat([head, question.subarray(12, at + 5), ...answer]), port, address)
  })
  await new Promise<void>((resolve) => { server.bind(0, '127.0.0.1', resolve) })
  onTestFinished(() => { server.close() })
  return { address: `127.0.0.1:${server.address().port}`, asked }
}

async function lookupBy(zone: Zone, { hosts = '', resolvConf = '', tryMs }: { readonly hosts?: string; readonly resolvConf?: string; readonly tryMs?: number } = {}) {
  const folder = temporaryFolder()
  await writeFile(join(folder, 'hosts'), hosts)
  await writeFile(join(folder, 'resolv.conf'), resolvConf)
  const server = await nameServer(zone)
  return { asked: server.asked, lookup: createMachineLookup({ servers: [server.address], hostsFile: join(folder, 'hosts'), resolvConf: join(folder, 'resolv.conf'), ...(tryMs === undefined ? {} : { tryMs }) }) }
}

function asker(id: string) {
  return { release: { manifest: { id, scopes: ['net:*'] } } as unknown as LoadedRelease, accepted: new Set<string>() }
}

test('[R133] however many names of one plugin are not answered for, another one\'s are looked up, and files are read', async () => {
  const { lookup, asked } = await lookupBy({ ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`slow-${index}.example.fr`, 'silent' as const])), 'quick.example.fr': { A: PUBLIC } })
  const deps = { policy: readEgressPolicy(''), refused: () => undefined, lookup: lookupInTurns(lookup), fetch: async () => new Response('ok') }
  const gone = new AbortController()
  const slow = Array.from({ length: 40 }, (_, index) => fetchAs(deps, asker('fr.example.caller'), `https://slow-${index}.example.fr/`, { signal: gone.signal }).catch((error: unknown) => error))
  await expect.poll(() => new Set(asked).size).toBe(16)
  await expect(fetchAs(deps, asker('fr.example.neighbour'), 'https://quick.example.fr/', {})).resolves.toMatchObject({ status: 200 })
  // None of the threads that read files waits for a name.
  expect(await readFile(new URL(import.meta.url), 'utf8')).toContain('[R133]')
  gone.abort()
  expect((await Promise.all(slow)).map((error) => (error as { code: string }).code)).toEqual(Array.from({ length: 40 }, () => 'EGRESS_FAILED'))
  // Those that waited for their turn were never asked for, and the plugin's own next one is.
  expect(new Set(asked.filter((name) => name.startsWith('slow'))).size).toBe(16)
  await expect(fetchAs(deps, asker('fr.example.caller'), 'https://quick.example.fr/', {})).resolves.toMatchObject({ status: 200 })
})

test('[R220] a plugin has eight look-ups under way; one that ends, fails or is given up leaves its turn to the next', async () => {
  const under = new Map<string, PromiseWithResolvers<readonly string[]>>()
  const lookup = lookupInTurns((host) => {
    const wanted = Promise.withResolvers<readonly string[]>()
    under.set(host, wanted)
    return wanted.promise
  })
  const leaves = new AbortController()
  const asked = Array.from({ length: 12 }, (_, index) => lookup('fr.example.caller', `h${index}`, index === 2 || index === 10 ? leaves.signal : still))
  for (const one of asked) one.catch(() => undefined)
  await expect.poll(() => [...under.keys()]).toEqual(Array.from({ length: 8 }, (_, index) => `h${index}`))
  under.get('h0')?.resolve([PUBLIC])
  await expect(asked[0]).resolves.toEqual([PUBLIC])
  under.get('h1')?.reject(new Error('none'))
  await expect(asked[1]).rejects.toThrow('none')
  leaves.abort()
  await expect(asked[2]).rejects.toThrow('aborted')
  await expect(asked[10]).rejects.toThrow('aborted')
  await expect.poll(() => [...under.keys()].slice(8)).toEqual(['h8', 'h9', 'h11'])
})

test('[R221] names are those of the machine: its hosts file first, then its name servers, both families, short ones completed', async () => {
  const { lookup, asked } = await lookupBy(
    { 'both.example.fr': { A: PUBLIC, AAAA: PUBLIC_6 }, 'six.example.fr': { AAAA: PUBLIC_6 }, 'bus.aytre.example': { A: '10.1.2.3' }, 'broken.example.fr': 2 },
    { hosts: '# comment\n10.9.9.9 Files.intra files # here\nnot-an-address x\n', resolvConf: 'nameserver 192.0.2.1\nsearch aytre.example larochelle.example\n' },
  )
  expect(await lookup('files.INTRA', still)).toEqual(['10.9.9.9'])
  expect(await lookup('localhost', still)).toEqual(['127.0.0.1', '::1'])
  expect(asked).toEqual([])
  expect(await lookup('both.example.fr', still)).toEqual([PUBLIC, PUBLIC_6])
  expect(await lookup('six.example.fr', still)).toEqual([PUBLIC_6])
  expect(await lookup('bus', still)).toEqual(['10.1.2.3'])
  expect(await lookup('nowhere.example.fr', still)).toEqual([])
  await expect(lookup('broken.example.fr', still)).rejects.toMatchObject({ code: 'ESERVFAIL' })
})

test('[R221] a server that never answers for IPv6 costs a second, one that answers for nothing a time-out of its own; who leaves waits for neither', async () => {
  const { lookup, asked } = await lookupBy({ 'half.example.fr': { A: PUBLIC, AAAA: 'silent' }, 'mute.example.fr': 'silent' }, { tryMs: 2_500 })
  expect(await lookup('half.example.fr', still)).toEqual([PUBLIC])
  const leaves = new AbortController()
  const mute = lookup('mute.example.fr', leaves.signal)
  mute.catch(() => undefined)
  await expect.poll(() => asked.includes('mute.example.fr AAAA')).toBe(true)
  leaves.abort()
  await expect(mute).rejects.toMatchObject({ code: 'ECANCELLED' })
  const { lookup: impatient } = await lookupBy({ 'mute.example.fr': 'silent' }, { tryMs: 100 })
  await expect(impatient('mute.example.fr', still)).rejects.toMatchObject({ code: 'ETIMEOUT' })
})

test('[R221] hosts files and domains to search are read as systems read them', () => {
  expect([...readHosts('127.0.0.1\tlocalhost loop.\n::1 localhost\n  # x\n300.1.1.1 wrong\n127.0.0.1 localhost')]).toEqual([['localhost', ['127.0.0.1', '::1']], ['loop', ['127.0.0.1']]])
  expect(namesToAsk('bus', '')).toEqual(['bus'])
  expect(namesToAsk('bus', 'domain a.fr\nsearch b.fr c.fr.\n')).toEqual(['bus.b.fr', 'bus.c.fr', 'bus'])
  expect(namesToAsk('bus.x', 'search b.fr')).toEqual(['bus.x', 'bus.x.b.fr'])
  expect(namesToAsk('svc.ns', 'search cluster.local\noptions timeout:1 ndots:5')).toEqual(['svc.ns.cluster.local', 'svc.ns'])
})
