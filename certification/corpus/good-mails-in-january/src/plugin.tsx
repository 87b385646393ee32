import { basePlugin } from '#base'

export default basePlugin({
  optionalScopes: { 'mail:send': { fr: 'Les administrateurs ne sont pas prévenus en janvier.', en: 'Administrators are not told in January.' } },
  says: { 'mail.subject': 'Messages', 'mail.text': 'Bonne année' },
  also: (k) => {
    k.schedule({ id: 'january', cron: '0 9 2 1 *', timeoutMs: 10_000 }, async (c) => {
      if (!c.granted('mail:send' as never) || c.today().slice(5) !== '01-02') return
      await c.transaction(async (tx) => { await tx.mail.send({ to: { administrators: true }, subject: c.t('mail.subject'), text: c.t('mail.text') }) })
    })
  },
})
