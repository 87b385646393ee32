import { expect, test } from 'vitest'
import { temporaryFolder } from './cli-kit.ts'
import { said, saidJson } from './spoken.ts'

const BOARD = 'fr.example.notices'
const MIRROR = 'fr.example.mirror'

async function withTree(): Promise<string> {
  const data = temporaryFolder()
  await saidJson(['tenant', 'create', 'CA de La Rochelle', '--siren', '241700434', '--data', data])
  await saidJson(['tenant', 'create', 'Aytré', '--insee', '17028', '--data', data])
  await saidJson(['tenant', 'create', 'CCAS d’Aytré', '--siren', '261799993', '--parent', 'aytre', '--data', data])
  return data
}

test('[Q12] what is on is not taken away by itself; with --disable it is switched off everywhere below, those first that need others, and its data is kept', async () => {
  const data = await withTree()
  const at = (tenant: string): readonly string[] => ['--tenant', tenant, '--data', data]
  for (const plugin of [BOARD, MIRROR]) await saidJson(['enable', plugin, ...at('ccas-d-aytre')])
  expect(await said(['entitlement', 'revoke', BOARD, ...at('aytre')])).toMatchObject({ exit: 1, err: expect.stringMatching(/CCAS d’Aytré \(fr\.example\.notices\)[^]*--disable[^]*\(PLUGIN_IN_USE\)|PLUGIN_IN_USE/) as string })
  expect(await said(['entitlement', 'revoke', BOARD, '--disable', ...at('aytre')])).toMatchObject({ exit: 1, err: expect.stringContaining('PLUGIN_NEEDED') as string })
  expect(await saidJson(['entitlement', 'show', ...at('ccas-d-aytre')])).toMatchObject({ rule: 'all', plugins: [{ pluginId: MIRROR, granted: true, on: true }, { pluginId: BOARD, granted: true, on: true }] })
  expect(await saidJson(['entitlement', 'revoke', BOARD, MIRROR, '--disable', ...at('aytre')])).toMatchObject({
    tenant: 'aytre', rule: 'all-but', disabled: [{ tenant: 'ccas-d-aytre', pluginId: MIRROR }, { tenant: 'ccas-d-aytre', pluginId: BOARD }],
  })
  expect(await saidJson(['tenant', 'show', 'ccas-d-aytre', '--data', data])).toMatchObject({ plugins: [{ pluginId: MIRROR, state: 'inactive' }, { pluginId: BOARD, state: 'inactive' }] })
  expect(await said(['enable', BOARD, ...at('ccas-d-aytre')])).toMatchObject({ exit: 1, err: expect.stringContaining('entitlement grant fr.example.notices --tenant aytre') as string })
  expect(await said(['entitlement', 'grant', BOARD, ...at('ccas-d-aytre')])).toMatchObject({ exit: 1, err: expect.stringContaining('(PLUGIN_NOT_ENTITLED)') as string })
  await saidJson(['entitlement', 'reset', ...at('aytre')])
  expect(await saidJson(['enable', BOARD, ...at('ccas-d-aytre')])).toMatchObject({ state: 'active' })
})

test('[Q13] a tenant is limited to a list, or to nothing; an id that no plugin has is refused', async () => {
  const data = await withTree()
  const at = ['--tenant', 'aytre', '--data', data]
  expect(await saidJson(['entitlement', 'grant', MIRROR, '--only', ...at])).toMatchObject({ rule: 'only', ruled: [MIRROR], plugins: [{ pluginId: MIRROR, granted: true }, { pluginId: BOARD, granted: false, barredBy: 'aytre' }] })
  expect(await saidJson(['entitlement', 'revoke', '--all', ...at])).toMatchObject({ rule: 'only', ruled: [] })
  expect(await said(['entitlement', 'grant', 'fr.example.misspelt', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(PLUGIN_UNKNOWN)') as string })
  const shown = await said(['entitlement', 'show', '--tenant', 'ccas-d-aytre', '--data', data])
  expect(shown.out).toMatch(/fr\.example\.mirror +no +aytre +no/)
  expect(await saidJson(['audit', 'list', '--limit', '2', ...at])).toMatchObject([{ action: 'entitlement.decided' }, { action: 'entitlement.decided', actor: { kind: 'operator' } }])
})

test('[Q13] quotas are set in human units, shown beside what is used, and taken away', async () => {
  const data = await withTree()
  const at = ['--tenant', 'ccas-d-aytre', '--data', data]
  await saidJson(['quota', 'set', '--tenant', 'aytre', '--storage', '5GiB', '--mails', '200', '--cpu', '1.5h', '--data', data])
  expect(await saidJson(['quota', 'set', '--storage', '10 GB', '--events', '1000', ...at])).toMatchObject({
    own: { storage: 10_000_000_000, events: 1_000, mails: null, cpu: null },
    quotas: [{ kind: 'storage', limit: 5 * 1_024 ** 3, state: 'ok' }, { kind: 'events', used: 0, limit: 1_000 }, { kind: 'mails', limit: 200 }, { kind: 'cpu', limit: 5_400 }],
  })
  expect((await said(['quota', 'show', ...at])).out).toMatch(/storage +.* +5 GiB +9\.3 GiB/)
  await saidJson(['quota', 'set', '--storage', 'none', '--events', 'none', ...at])
  expect(await saidJson(['quota', 'show', ...at])).toMatchObject({ own: { storage: null, events: null } })
  expect((await said(['quota', 'set', '--storage', 'much', ...at])).exit).toBe(2)
  expect((await said(['quota', 'set', '--mails', '1.5', ...at])).exit).toBe(2)
})

test('[Q10] doctor says whether mails can leave, without the password', async () => {
  const data = await withTree()
  expect(await said(['doctor', '--json', '--data', data])).toMatchObject({ out: expect.stringContaining('no mail server is configured') as string })
  const { out } = await said(['doctor', '--json', '--data', data], { env: { LIBERACCES_SMTP_URL: 'smtp://user:hunter2@mail.example.fr:587', LIBERACCES_MAIL_FROM: 'x@pool.fr' } })
  expect(out).toContain('mail.example.fr:587')
  expect(out).not.toContain('hunter2')
})
