import type { AddressInfo } from 'node:net'
import { definePlugin, type Plugin } from '@liberacces/sdk'
import { SMTPServer } from 'smtp-server'
import { expect, onTestFinished, test } from 'vitest'
import { givenPlugin } from '../../src/catalogue/plugin-source.ts'
import { readConfig } from '../../src/config.ts'
import { deliverMail } from '../../src/mail/deliver-mail.ts'
import type { OutgoingMail } from '../../src/mail/mail-transport.ts'
import { createSmtpTransport } from '../../src/mail/smtp-transport.ts'
import { createPlatform } from '../../src/platform.ts'
import { runEnvironment } from '../run-environment.ts'
import { FakeOutside, temporaryFolder } from '../storage/temporary-storage.ts'

const MAIL: OutgoingMail = { from: { name: 'Ville d’Aytré\r\nBcc: evil@example.fr', address: 'ne-pas-repondre@pool.fr' }, to: ['camille@example.fr'], replyTo: 'mairie@aytre.fr', subject: 'Réservation confirmée', text: 'À demain', html: '<p>À demain</p>', messageId: 'm-1@pool.fr', attachments: [{ name: 'plan d’accès.txt', type: 'text/plain', base64: Buffer.from('Où ?').toString('base64') }] }

interface Received { readonly from: string; readonly to: readonly string[]; readonly content: string }

/** A real mail server. @param refuse - code and text for a recipient */
async function mailServer(refuse?: (to: string) => { readonly code: number; readonly text: string } | undefined) {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, callback) {
      const refused = refuse?.(address)
      if (refused === undefined) { callback(); return }
      callback(Object.assign(new Error(refused.text), { responseCode: refused.code }))
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        received.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), content: Buffer.concat(chunks).toString('utf8') })
        callback()
      })
    },
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', () => { resolve() }) })
  onTestFinished(() => new Promise<void>((resolve) => { server.close(() => { resolve() }) }))
  const { port } = server.server.address() as AddressInfo
  return { received, url: `smtp://127.0.0.1:${port}` }
}

function transportTo(url: string) {
  const transport = createSmtpTransport(url)
  onTestFinished(() => { transport.close() })
  return transport
}

test('[Q10] a real mail server gets the mail as it was written, and no header that nobody wrote', async () => {
  const { received, url } = await mailServer()
  await transportTo(url).send(MAIL)
  const [mail] = received
  expect([mail?.from, mail?.to]).toEqual(['ne-pas-repondre@pool.fr', ['camille@example.fr']])
  const head = mail?.content.slice(0, mail.content.indexOf('\r\n\r\n')) ?? ''
  expect(head).toMatch(/^Message-ID: <m-1@pool\.fr>$/m)
  expect(head).toMatch(/^Reply-To: mairie@aytre\.fr$/m)
  expect(head).toMatch(/^Auto-Submitted: auto-generated$/m)
  expect(head).not.toMatch(/^Bcc:/im)
  expect(mail?.content).toContain('R=C3=A9servation_confirm=C3=A9e')
  expect(mail?.content).toContain(Buffer.from('Où ?').toString('base64'))
})

test('[Q10] a recipient that the server refuses is a refusal; a server that is busy or gone is tried again', async () => {
  const { url } = await mailServer((to) => (to.startsWith('unknown') ? { code: 550, text: 'No such user' } : to.startsWith('later') ? { code: 451, text: 'Come back' } : undefined))
  const transport = transportTo(url)
  await expect(transport.send({ ...MAIL, to: ['unknown@example.fr'] })).rejects.toMatchObject({ code: 'MAIL_REFUSED', message: expect.stringContaining('No such user') as string })
  await expect(transport.send({ ...MAIL, to: ['later@example.fr'] })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await expect(transportTo('smtp://127.0.0.1:1').send(MAIL)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await transport.send(MAIL)
})

test('[Q10] a mail waits while no server is configured, and is given up after three days of a server that does not answer', async () => {
  const outside = new FakeOutside()
  const delivery = { tenantId: 't-1', eventId: 'e-1', time: outside.now(), data: { to: ['a@example.fr'], subject: 's', text: 't' } }
  const sender = async () => ({ name: 'Aytré', contact: 'a, b@evil' })
  await expect(deliverMail({ transport: undefined, from: undefined, outside, sender }, delivery)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  const transport = transportTo('smtp://127.0.0.1:1')
  await expect(deliverMail({ transport, from: 'x@pool.fr', outside, sender }, delivery)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  outside.time += 3 * 86_400_000
  await expect(deliverMail({ transport, from: 'x@pool.fr', outside, sender }, delivery)).rejects.toMatchObject({ code: 'MAIL_REFUSED' })
})

test('[Q10] a contact address that is none is not used for answers', async () => {
  const sent: OutgoingMail[] = []
  await deliverMail({ transport: { send: async (mail) => { sent.push(mail) }, close: () => undefined }, from: 'x@pool.fr', outside: new FakeOutside(), sender: async () => ({ name: 'Aytré', contact: 'a,b@evil>' }) },
    { tenantId: 't-1', eventId: 'e-1', time: 0, data: { to: ['a@example.fr'], subject: 's', text: 't' } })
  expect(sent.map(({ replyTo }) => replyTo)).toEqual([undefined])
})

test('[Q10] with a mail server in the configuration, what a plugin sends arrives there in the name of the tenant', async () => {
  const { received, url } = await mailServer()
  const folder = temporaryFolder()
  const postal = definePlugin()({
    id: 'fr.test.post', version: '1.0.0', path: 'post', sdk: '*', license: 'MIT', title: { fr: 'Poste' }, publisher: { name: 'Test', contact: 'x' },
    runtime: 'inline', scopes: ['mail:send'], privacy: { stores: [] }, messages: { fr: {}, en: {} },
    setup: () => undefined,
  }) as Plugin
  const by = { kind: 'operator', id: 'test', name: 'Test' } as const
  const platform = await createPlatform({
    config: readConfig({ PORT: '0', ...await runEnvironment(folder), LIBERACCES_LOG: 'silent', LIBERACCES_SMTP_URL: url, LIBERACCES_MAIL_FROM: 'ne-pas-repondre@pool.fr' }, folder),
    plugins: [givenPlugin(postal)],
  })
  onTestFinished(async () => { await platform.stop() })
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, by)
  const tenant = await platform.tenants.create({ kind: 'commune', name: 'Aytre', slug: 'aytre', population: 9_000 }, by)
  await platform.installations.enable(tenant.id, 'fr.test.post', '*', by)
  await platform.listen()
  const release = platform.installations.modules(tenant.id).byId.get('fr.test.post')!
  await platform.runtime.call(release, platform.systemOrigin(tenant.id), { what: 'a test', limitMs: 5_000 }, (c) => c.mail.send({ to: 'camille@example.fr', subject: 'Bonjour', text: 'Un texte' }))
  await platform.events.settle()
  expect(received).toMatchObject([{ from: 'ne-pas-repondre@pool.fr', to: ['camille@example.fr'], content: expect.stringMatching(/^From: Aytre <ne-pas-repondre@pool\.fr>/m) as string }])
  expect(await platform.events.list(tenant.id, { limit: 5 })).toMatchObject([{ status: 'delivered', attempts: 1 }])
})
