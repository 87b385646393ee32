import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { DemoAccount } from '../../src/demo/demo-accounts.ts'
import { demoWelcome } from '../../src/cli/demo-welcome.ts'
import { start, temporaryFolder } from '../cli/cli-kit.ts'
import { said } from '../cli/spoken.ts'
import { makeSmallDemo } from './demo-kit.ts'

test('[C15] a second start finds the data, loads nothing that makes it, and lists the accounts with the address of today', async () => {
  const data = temporaryFolder()
  await makeSmallDemo(data)
  const log = join(data, 'loaded.txt')
  const server = await start(['demo', '--data', data], { env: { TEST_LOADED_FILES: log }, imports: [fileURLToPath(new URL('./loaded-files.ts', import.meta.url))] })
  expect(server.said).toMatchObject({ url: `http://pool.localhost:${server.port}`, tenants: 4, accounts: 13, accountsFile: join(data, 'demo-accounts.json') })
  const loaded = readFileSync(log, 'utf8')
  // What it looks at to know that nothing is to be made, so that the absences below mean something.
  expect(loaded).toContain('src/demo/demo-state.ts')
  expect(loaded).toContain('assets/shell.css')
  expect(['fill-demo.ts', 'demo-collectivites.ts', 'demo-people.ts', 'communes.json', 'epci.json'].filter((name) => loaded.includes(name))).toEqual([])

  const accounts = JSON.parse(readFileSync(join(data, 'demo-accounts.json'), 'utf8')) as readonly DemoAccount[]
  expect(new Set(accounts.map(({ url }) => new URL(url).port))).toEqual(new Set([String(server.port)]))
  // Who is listed can log in.
  for (const role of ['pool-admin', 'tenant-admin', 'agent', 'agent.communication', 'citizen']) {
    const account = accounts.find((one) => one.role === role)
    expect({ role, status: await login(server.port, account) }).toEqual({ role, status: 'cookie' })
  }
  expect(await login(server.port, { ...accounts[0], password: 'wrong-wrong-wrong' })).toBe('no cookie')
  // Its data is an operator's to look at like any other.
  const { out } = await said(['account', 'list', '--tenant', 'aytre', '--data', data, '--json'])
  expect(JSON.parse(out)).toHaveLength(4)
  expect(await server.stop()).toMatchObject({ exit: 0, err: '' })
})

test('[C15] the first thing a person reads says in French where to go and who to be', () => {
  const account = (tenant: string, role: string): DemoAccount => ({ tenant, url: `http://${tenant}.localhost:3000`, login: 'c.moreau', password: 'bafido-kelora-mitazo', role, roles: [role], name: 'Claire Moreau' })
  const accounts = [account('la-rochelle', 'citizen'), account('yves', 'agent'), account('aytre', 'agent.communication'), account('pool', 'pool-admin')]
  expect(demoWelcome({ pool: 'http://pool.localhost:3000', accountsFile: '/data/demo-accounts.json', accounts })).toBe([
    'LiberAccès est prêt : http://pool.localhost:3000',
    '',
    'ADRESSE                            PROFIL                  IDENTIFIANT  MOT DE PASSE',
    'http://pool.localhost:3000         administration du Pool  c.moreau     bafido-kelora-mitazo',
    'http://aytre.localhost:3000        agent, communication    c.moreau     bafido-kelora-mitazo',
    'http://la-rochelle.localhost:3000  usager                  c.moreau     bafido-kelora-mitazo',
    '',
    'Guichet des usagers à l’adresse de chaque collectivité, Bureau des agents sous /bureau, administration sous /admin.',
    'Les 4 comptes de la démonstration : /data/demo-accounts.json',
    'Arrêter : Ctrl+C. Les données sont conservées pour le prochain démarrage.',
  ].join('\n'))
})

/** Whether a login gets a session. */
async function login(port: number, account: Partial<DemoAccount> | undefined): Promise<'cookie' | 'no cookie'> {
  const { promise, resolve, reject } = Promise.withResolvers<'cookie' | 'no cookie'>()
  const host = `${account?.tenant ?? ''}.localhost:${port}`
  request({ port, host: '127.0.0.1', method: 'POST', path: '/auth/login', headers: { host, origin: `http://${host}`, 'content-type': 'application/json', accept: 'application/json' } }, (answer) => {
    answer.resume()
    resolve(answer.headers['set-cookie'] === undefined ? 'no cookie' : 'cookie')
  }).on('error', reject).end(JSON.stringify({ login: account?.login, password: account?.password }))
  return promise
}
