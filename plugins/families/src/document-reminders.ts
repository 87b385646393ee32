import type { FamiliesContext, FamiliesRegistrar } from './families-types.ts'
import { mailGuardians } from './mail-guardians.ts'

/** On the first of a month guardians are told of documents that end in it, once for each document; the alerts of the Bureau and the page of the family say which. */
export function registerDocumentReminders(k: FamiliesRegistrar): void {
  k.schedule({ id: 'remind-documents', cron: '15 9 1 * *', timeoutMs: 600_000 }, async (c: FamiliesContext) => {
    if (!c.granted('mail:send')) return
    const [first, last] = [`${c.today().slice(0, 7)}-01`, `${c.today().slice(0, 7)}-31`]
    const rows = await c.db.selectFrom('guardian').select('email').distinct().where('email', 'is not', null)
      .where((where) => where.exists(where.selectFrom('document').innerJoin('child', 'child.id', 'document.child_id').select('document.id').whereRef('document.household_id', '=', 'guardian.household_id')
        .where('document.valid_until', '>=', first).where('document.valid_until', '<=', last)
        // A newer one of the same kind has taken its place.
        .where((inner) => inner.not(inner.exists(inner.selectFrom('document as newer').select('newer.id').whereRef('newer.child_id', '=', 'document.child_id').whereRef('newer.kind', '=', 'document.kind')
          .where((or) => or.or([or('newer.valid_until', 'is', null), or('newer.valid_until', '>', last)])))))))
      .orderBy('email').execute()
    await mailGuardians(c, rows.flatMap(({ email }) => email ?? []), { subject: c.t('mail.document.subject'), text: c.t('mail.document.text', { tenant: c.tenant.name, url: c.absoluteUrl('/') }) })
  })
}
