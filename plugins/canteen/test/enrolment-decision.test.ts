import { expect, test } from 'vitest'
import { addActivity, APP, html, startCanteen } from './booking-kit.ts'

test('a family is told of the decision on an enrolment: accepted, or refused with its reason, and may ask again', async () => {
  const town = await startCanteen()
  await using platform = town.platform
  const { agent, parent } = town
  const { activityId } = await addActivity(town)
  const ask = (child: string) => parent.submit(`${APP}/inscription/${child}/${activityId}/confirmer`, { firstDay: town.today, rulesRead: 'true' })
  const request = async (): Promise<string> => /gestion\/inscriptions\/([0-9a-f-]{36})\/accepter/.exec((await agent.get(`${APP}/gestion`, html)).text)?.[1] ?? ''
  expect((await ask('moreau-1')).status).toBe(303)
  const first = await request()
  const refuse = `${APP}/gestion/inscriptions/${first}/refuser`
  expect((await agent.submit(refuse, { reason: 'non' })).status).toBe(422)
  expect((await agent.submit(refuse, { reason: 'Il manque l’attestation d’assurance.' })).status).toBe(303)
  await platform.settle()
  const plain = (text: unknown): string => String(text).replaceAll(/[\u00A0\u202F]/g, ' ').replaceAll(/http\S+\/apps/g, '/apps')
  expect(platform.mails.map(({ to, subject, text }) => [to, plain(subject), plain(text)])).toEqual([[
    ['moreau@example.fr'], 'Inscription refusée : Lina, Restauration', 'Bonjour,\n\nL’inscription est refusée : Lina, Restauration.\n\nMotif : Il manque l’attestation d’assurance.\n\nVos demandes d’inscription : /apps/cantine/inscription\n',
  ]])
  // Decided once: neither again nor otherwise.
  expect([(await agent.get(refuse, html)).status, (await agent.submit(`${APP}/gestion/inscriptions/${first}/accepter`, {}, `${APP}/gestion`)).status]).toEqual([404, 404])
  const own = plain((await parent.get(`${APP}/inscription`, html)).text)
  expect(['refusé', 'Motif : Il manque l’attestation d’assurance.', 'Demander à nouveau'].filter((words) => !own.includes(words))).toEqual([])
  expect(plain((await parent.get(`${APP}/`, html)).text)).toContain('Inscription refusée – Lina, Restauration : Il manque l’attestation d’assurance.')

  expect((await ask('moreau-1')).status).toBe(303)
  expect((await agent.submit(`${APP}/gestion/inscriptions/${await request()}/accepter`, {}, `${APP}/gestion`)).status).toBe(303)
  await platform.settle()
  expect(platform.mails.slice(1).map(({ to, subject, text }) => [to, plain(subject), plain(text)])).toEqual([[
    ['moreau@example.fr'], 'Inscription acceptée : Lina, Restauration', expect.stringMatching(/^Bonjour,\n\nL’inscription est acceptée : Lina, Restauration, à partir du \S+ \d+\S* \S+ \d{4}\.\n\nVous pouvez réserver dès maintenant : \/apps\/cantine\/\n$/),
  ]])
  expect(plain((await parent.get(`${APP}/inscription`, html)).text)).not.toContain('Motif :')

  const tenant = platform.tenant()
  const subject = { id: tenant.accountOf(parent), email: undefined, name: 'Claire' }
  const operator = { kind: 'operator', id: 'test', name: 'Test' } as const
  expect(JSON.stringify(await platform.platform.privacy.export(tenant.id, subject, operator))).toContain('attestation d’assurance')
  await platform.platform.privacy.erase(tenant.id, subject, operator)
  expect(JSON.stringify(await platform.platform.storage.store({ tenantId: tenant.id, pluginId: 'fr.liberacces.canteen' }).db.selectFrom('enrolment').selectAll().execute())).not.toContain('assurance')
})
