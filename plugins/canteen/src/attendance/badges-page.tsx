import { Families } from '@liberacces/plugin-families/contract'
import { TextBody, Type } from '@liberacces/sdk'
import { ActionButton, ButtonLink, Card, CardList, Page, Section } from '@liberacces/sdk/ui'
import { renderSVG } from 'uqr'
import type { CanteenRegistrar } from '../canteen-types.ts'
import { badgeCode } from './badge-code.ts'

const access = { audience: 'agent', permission: 'attendance.record' } as const
const Id = Type.String({ minLength: 1, maxLength: 200 })

/** Badges with a code for scanners, a class at a time, to be printed. */
export function registerBadges(k: CanteenRegistrar): void {
  k.page({ ...access, path: '/badges', title: 'attendance.badges.title' }, async (c) => {
    const schools = await c.use(Families).schools({})
    return (
      <Page title={c.t('attendance.badges.title')} intro={c.t('attendance.badges.intro')} breadcrumb={[{ label: c.t('attendance.title'), href: c.url('/pointage') }]}>
        {schools.map((school) => (
          <Section key={school.id} title={school.name}>
            <div class="la-actions">{school.classes.map((one) => <ButtonLink key={one.id} href={c.url(`/badges/${one.id}`)} subject={school.name}>{one.name}</ButtonLink>)}</div>
          </Section>
        ))}
      </Page>
    )
  })

  k.page({ ...access, path: '/badges/:classe', title: 'attendance.badges.title', params: Type.Object({ classe: Id }) }, async (c, { params: { classe } }) => {
    const children = await c.use(Families).children({ classId: classe })
    const codes = new Map((await c.db.selectFrom('badge').selectAll().execute()).map((row) => [row.child_id, row]))
    const missing = children.filter(({ id }) => !codes.has(id)).length
    return (
      <Page title={c.t('attendance.badges.of', { name: children[0]?.className ?? '' })} breadcrumb={[{ label: c.t('attendance.title'), href: c.url('/pointage') }, { label: c.t('attendance.badges.title'), href: c.url('/badges') }]}
        actions={missing > 0 && <ActionButton action={c.url(`/badges/${classe}/creer`)} label={c.t('attendance.badges.make', { count: missing })} kind="primary" />}>
        <p>{c.t('attendance.badges.print')}</p>
        <CardList>
          {children.map((child) => {
            const badge = codes.get(child.id)
            return (
              <Card key={child.id} title={`${child.firstName} ${child.lastName}`} level={2} {...(child.className === undefined ? {} : { meta: child.className })}>
                {badge === undefined ? <p>{c.t('attendance.badges.none')}</p> : (
                  <>
                    <img src={c.url(`/badges/image/${badge.code}.svg`)} alt={c.t('attendance.badges.alt', { name: `${child.firstName} ${child.lastName}` })} width={180} height={180} />
                    <p>{badge.code.match(/.{4}/g)?.join(' ')}</p>
                    <ActionButton action={c.url(`/badges/enfant/${child.id}/refaire`)} label={c.t('attendance.badges.renew')} subject={child.firstName} confirm={c.t('attendance.badges.renew.confirm')} />
                  </>
                )}
              </Card>
            )
          })}
        </CardList>
      </Page>
    )
  })

  k.route({ ...access, method: 'GET', path: '/badges/image/:file', params: Type.Object({ file: Type.String({ pattern: '^[B-X]{24}\\.svg$' }) }), summary: 'The code of a badge as a picture (SVG)', response: { 200: TextBody('image/svg+xml') } }, async (c, { params: { file } }) => {
    const code = file.slice(0, -4)
    const known = await c.db.selectFrom('badge').select('code').where('code', '=', code).executeTakeFirst()
    return known === undefined ? c.notFound() : c.reply(200, renderSVG(code, { ecc: 'M', border: 4 }))
  })

  k.action({ ...access, path: '/badges/:classe/creer', params: Type.Object({ classe: Id }) }, async (c, { params: { classe } }) => {
    const children = await c.use(Families).children({ classId: classe })
    await c.transaction(async (tx) => {
      for (const { id } of children) {
        await tx.insertInto('badge').values({ child_id: id, code: badgeCode(c.secrets.random(16).subarray(0, 12)), created_at: c.now().toISOString() }).onConflict((on) => on.column('child_id').doNothing()).execute()
      }
    })
    return c.redirect(`/badges/${classe}`, 'attendance.badges.made')
  })

  k.action({ ...access, path: '/badges/enfant/:id/refaire', params: Type.Object({ id: Id }) }, async (c, { params: { id } }) => {
    const child = await c.use(Families).child({ id })
    if (child === null) return c.notFound()
    await c.db.updateTable('badge').set({ code: badgeCode(c.secrets.random(16).subarray(0, 12)), created_at: c.now().toISOString() }).where('child_id', '=', id).execute()
    await c.audit('badge.renewed', id)
    return c.redirect(child.classId === undefined ? '/badges' : `/badges/${child.classId}`, 'attendance.badges.renewed')
  })
}
