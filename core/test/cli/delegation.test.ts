import { expect, test } from 'vitest'
import { temporaryFolder } from './cli-kit.ts'
import { said, saidJson } from './spoken.ts'

const BOARD = 'fr.example.notices'
const MIRROR = 'fr.example.mirror'
const NOTICES = 'fr.example.notices/v1'

interface Spoken {
  readonly json: (...args: readonly string[]) => Promise<unknown>
  readonly text: (...args: readonly string[]) => ReturnType<typeof said>
}

/** A Pool with one commune and its satellite, and an account at each of the upper two. */
async function withTree(): Promise<Spoken> {
  const rest = ['--data', temporaryFolder()]
  const json: Spoken['json'] = (...args) => saidJson([...args, ...rest])
  await json('tenant', 'create', 'Pool', '--kind', 'pool')
  await json('tenant', 'create', 'Aytré', '--insee', '17028')
  await json('tenant', 'create', 'CCAS d’Aytré', '--siren', '261799993', '--parent', 'aytre')
  for (const [tenant, login, role] of [['pool', 'jeanne', 'pool-admin'], ['aytre', 'marie', 'tenant-admin']] as const) {
    await saidJson(['account', 'create', login, '--name', login, '--tenant', tenant, '--role', role, '--password-stdin', ...rest], { input: 'a-long-enough-password\n' })
  }
  return { json, text: (...args) => said([...args, ...rest]) }
}

const refused = (code: string) => ({ exit: 1, err: expect.stringContaining(`(${code})`) as string })
const wrong = (what: string) => ({ exit: 2, out: '', err: expect.stringContaining(what) as string })

test('[T33] grants are opened, listed and closed by command; each refusal has its code, wrong use is exit 2', async () => {
  const { json, text } = await withTree()
  const open = ['grant', 'open', '--tenant', 'aytre', '--operator', 'jeanne', '--reason', 'Appel de Mme Morin']
  expect((await text('grant', 'list')).out).toBe('There are no grants.\n')
  const grant = await json(...open, '--minutes', '30', '--writes') as { readonly id: string }
  expect(grant).toMatchObject({ tenant: 'aytre', operator: 'jeanne', role: 'agent', writes: true, minutes: 30, state: 'open' })
  expect(await json('grant', 'list', '--tenant', 'aytre')).toMatchObject([{ id: grant.id, tenant: 'aytre', operator: 'jeanne', role: 'agent', writes: true, reason: 'Appel de Mme Morin', state: 'open' }])
  expect(await json('grant', 'list', '--tenant', 'ccas-d-aytre')).toEqual([])
  expect(await json('grant', 'close', grant.id)).toMatchObject({ id: grant.id, tenant: 'aytre' })
  expect((await text('grant', 'list')).out).toContain('Appel de Mme Morin')
  expect(await text('grant', 'close', 'none')).toMatchObject(refused('GRANT_UNKNOWN'))
  expect(await text(...open.with(3, 'nowhere'))).toMatchObject(refused('TENANT_UNKNOWN'))
  expect(await text(...open.with(5, 'nobody'))).toMatchObject(refused('ACCOUNT_UNKNOWN'))
  expect(await text(...open, '--role', 'no-such-role')).toMatchObject({ exit: 1 })
  expect(await text(...open, '--minutes', '5')).toMatchObject(wrong('from 15 to 480'))
  expect(await text('grant', 'open', '--tenant', 'aytre', '--operator', 'jeanne')).toMatchObject(wrong('--reason'))
  expect(await text('grant', 'close')).toMatchObject(wrong('id'))
  expect(await text('grant', 'list', '--limit', '0')).toMatchObject(wrong('from 1 to 500'))
  expect((await json('audit', 'list', '--tenant', 'aytre', '--limit', '20') as readonly { readonly action: string }[]).map(({ action }) => action)).toEqual(expect.arrayContaining(['grant.opened', 'grant.closed']))
})

test('[T33] shares start and stop by command, are needed by name, and end with nobody left', async () => {
  const { json, text } = await withTree()
  const at = ['--tenant', 'ccas-d-aytre'] as const
  await json('enable', BOARD, '--tenant', 'aytre')
  expect((await text('share', 'list', ...at)).out).toBe('Nothing is shared with or by ccas-d-aytre.\n')
  expect(await json('share', 'start', 'accounts', ...at)).toMatchObject({ tenant: 'ccas-d-aytre', from: 'aytre', what: 'accounts', accepted: true })
  expect(await json('share', 'start', NOTICES, ...at)).toMatchObject({ what: NOTICES, permissions: [] })
  for (const tenant of ['aytre', 'ccas-d-aytre']) {
    expect(await json('share', 'list', '--tenant', tenant)).toMatchObject([{ satellite: 'ccas-d-aytre', from: 'aytre', what: 'accounts', accepted: true }, { what: NOTICES, accepted: true }])
  }
  await json('enable', MIRROR, ...at)
  expect(await text('share', 'stop', NOTICES, ...at)).toMatchObject({ exit: 1, err: expect.stringMatching(/"fr\.example\.mirror" of CCAS d’Aytré[^]*\(SHARE_NEEDED\)/) as string })
  expect(await text('disable', BOARD, '--tenant', 'aytre')).toMatchObject(refused('PLUGIN_NEEDED'))
  await json('disable', MIRROR, ...at)
  expect(await json('share', 'stop', NOTICES, ...at)).toEqual({ tenant: 'ccas-d-aytre', what: NOTICES, ended: true })
  expect((await text('share', 'stop', 'accounts', ...at)).out).toBe('accounts is shared with ccas-d-aytre no more.\n')
  expect(await text('share', 'stop', 'accounts', ...at)).toMatchObject(refused('SHARE_UNKNOWN'))
  expect(await text('share', 'start', 'fr.test.nothing/v1', ...at)).toMatchObject(refused('SHARE_INVALID'))
  expect(await text('share', 'start', NOTICES, '--permission', 'fr.liberacces.kernel/accounts.manage', ...at)).toMatchObject(refused('SHARE_INVALID'))
  // A commune is no satellite of the Pool.
  expect(await text('share', 'start', 'accounts', '--tenant', 'aytre')).toMatchObject(refused('SHARE_INVALID'))
  expect(await text('share', 'start', 'accounts')).toMatchObject(wrong('--tenant'))
  expect(await text('share', 'list', '--tenant')).toMatchObject({ exit: 2 })
})

test('[T33] roles of a tenant are made, named anew and deleted by command; those of the platform stay', async () => {
  const { json, text } = await withTree()
  const at = ['--tenant', 'aytre'] as const
  const own = async (): Promise<unknown> => (await json('role', 'list', ...at) as readonly { readonly id: string; readonly title: unknown }[]).filter(({ id }) => id === 'agent.school')
  expect(await json('role', 'create', 'agent.school', '--title', 'École', ...at)).toEqual({ tenant: 'aytre', id: 'agent.school', title: 'École' })
  expect(await own()).toMatchObject([{ title: { fr: 'École' } }])
  expect(await text('role', 'create', 'agent.school', '--title', 'École', ...at)).toMatchObject({ exit: 1, err: expect.stringContaining('agent.school') as string })
  await json('role', 'rename', 'agent.school', '--title', 'Écoles', ...at)
  expect((await text('role', 'list', ...at)).out).toMatch(/agent\.school +Écoles/)
  expect(await json('role', 'delete', 'agent.school', ...at)).toEqual({ tenant: 'aytre', id: 'agent.school', deleted: true })
  expect(await own()).toEqual([])
  for (const args of [['delete', 'agent.school'], ['delete', 'tenant-admin'], ['rename', 'agent', '--title', 'x'], ['create', 'Wrong Id', '--title', 'x']]) {
    expect([args, await text('role', ...args, ...at)]).toMatchObject([args, { exit: 1, out: '' }])
  }
  expect(await text('role', 'create', 'agent.school', ...at)).toMatchObject(wrong('--title'))
  expect(await text('role', 'delete', ...at)).toMatchObject(wrong('id'))
})

test('[T33] tokens are listed without themselves and revoked by command', async () => {
  const { json, text } = await withTree()
  const at = ['--tenant', 'aytre'] as const
  expect((await text('token', 'list', ...at)).out).toBe('aytre has no tokens.\n')
  const { id, token } = await json('token', 'create', '--account', 'marie', '--label', 'agenda', '--days', '2', ...at) as { readonly id: string; readonly token: string }
  const listed = await text('token', 'list', '--account', 'marie', '--json', ...at)
  expect(JSON.parse(listed.out)).toMatchObject([{ id, account: 'marie', label: 'agenda' }])
  expect(listed.out).not.toContain(token)
  expect(await json('token', 'revoke', id, ...at)).toEqual({ tenant: 'aytre', id, revoked: true })
  expect(await json('token', 'list', ...at)).toEqual([])
  expect(await text('token', 'revoke', id, ...at)).toMatchObject(refused('NOT_FOUND'))
  expect(await text('token', 'revoke', id, '--tenant', 'ccas-d-aytre')).toMatchObject(refused('NOT_FOUND'))
  expect(await text('token', 'list', '--account', 'nobody', ...at)).toMatchObject(refused('ACCOUNT_UNKNOWN'))
  expect(await text('token', 'revoke', ...at)).toMatchObject(wrong('id'))
  expect(await text('token', 'create', '--account', 'marie', '--days', '0', ...at)).toMatchObject(wrong('from 1 to 3650'))
})

test('[T33] who administers is said with the rule; an official address and who answers at it are set by command', async () => {
  const { json, text } = await withTree()
  const run = (...args: readonly string[]): Promise<unknown> => json('tenant', 'administrators', 'aytre', ...args)
  expect(await run()).toMatchObject({ tenant: 'aytre', rule: 'explicit', administrators: ['marie'] })
  expect(await run('--official-address', 'mairie@aytre.fr')).toMatchObject({ officialAddress: 'mairie@aytre.fr' })
  expect((await text('tenant', 'administrators', 'aytre')).out).toMatch(/administrators +marie[^]*official address +mairie@aytre\.fr/)
  expect(await run('--official-address', '')).not.toHaveProperty('officialAddress')
  expect(await json('tenant', 'administrators', 'ccas-d-aytre')).toMatchObject({ administrators: [] })
  expect(await text('tenant', 'administrators', 'aytre', '--official-address', 'no address')).toMatchObject({ exit: 1, out: '' })
  expect(await text('tenant', 'administrators', 'aytre', '--vouch', 'nobody')).toMatchObject(refused('ACCOUNT_UNKNOWN'))
  expect(await text('tenant', 'administrators', 'nowhere')).toMatchObject(refused('TENANT_UNKNOWN'))
  expect(await text('tenant', 'administrators')).toMatchObject(wrong('tenant'))
})
