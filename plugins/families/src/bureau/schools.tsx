import { Choice, Type } from '@liberacces/sdk'
import { ActionButton, ButtonLink, DataTable, Notice, Page, Section } from '@liberacces/sdk/ui'
import { LEVELS, nextClass, schoolYear, schoolYearOf } from '../domain/school-year.ts'
import type { FamiliesContext, FamiliesRegistrar } from '../families-types.ts'
import { selectChildren } from '../store/cards.ts'
import { moveUp, saveClass, saveSchool, schoolCards } from '../store/schools.ts'
import { BureauTabs, bureauCrumbs } from './shell.tsx'

const SchoolForm = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 120 }), uai: Type.Optional(Type.String({ pattern: '^[0-9]{7}[A-Za-z]$' })),
  address: Type.Optional(Type.String({ maxLength: 300 })), phone: Type.Optional(Type.String({ maxLength: 30 })),
})
const ClassForm = Type.Object({ className: Type.String({ minLength: 1, maxLength: 60 }), level: Choice(LEVELS), teacher: Type.Optional(Type.String({ maxLength: 80 })) })

/** Schools and classes, and the rentrée: each September children move up. */
export function registerSchools(k: FamiliesRegistrar): void {
  const manage = { audience: 'agent', permission: 'school.manage' } as const

  k.page({ audience: 'agent', permission: 'child.read', path: '/gestion/ecoles', title: 'page.schools' }, async (c) => {
    const schools = await schoolCards(c.db)
    const counts = await c.db.selectFrom('schooling').select(({ fn }) => ['class_id', fn.countAll().as('children')]).where('first_day', '<=', c.today()).where('last_day', '>=', c.today()).groupBy('class_id').execute()
    const manages = c.actor.can('school.manage')
    return (
      <Page title={c.t('page.schools')} actions={manages && (
        <>
          <ButtonLink kind="primary" href={c.url('/gestion/ecoles/ajouter')}>{c.t('school.add')}</ButtonLink>
          <ButtonLink href={c.url('/gestion/rentree')}>{c.t('page.september')}</ButtonLink>
        </>
      )}>
        <BureauTabs c={c} current="schools" />
        {schools.length === 0 && <p>{c.t('school.none')}</p>}
        {schools.map((school) => (
          <Section key={school.id} title={school.name} actions={manages && (
            <>
              <ButtonLink href={c.url(`/gestion/ecoles/${school.id}/modifier`)} subject={school.name}>{c.t('action.edit')}</ButtonLink>
              <ButtonLink href={c.url(`/gestion/ecoles/${school.id}/classes/ajouter`)} subject={school.name}>{c.t('class.add')}</ButtonLink>
            </>
          )}>
            <DataTable
              caption={c.t('school.classes', { school: school.name })} rows={school.classes} rowKey={({ id }) => id} empty={c.t('class.none')}
              columns={[
                { key: 'name', header: c.t('child.class'), cell: ({ id, name }) => <a href={c.url(`/gestion/classes/${id}`)}>{name}</a> }, { key: 'level', header: c.t('field.level') },
                { key: 'children', header: c.t('family.children'), numeric: true, cell: ({ id }) => c.format.number(Number(counts.find((count) => count.class_id === id)?.children ?? 0)) },
              ]}
            />
          </Section>
        ))}
      </Page>
    )
  })

  k.page({ audience: 'agent', permission: 'child.read', path: '/gestion/classes/:id', title: 'page.class' }, async (c, { params }) => {
    const place = await c.db.selectFrom('school_class').innerJoin('school', 'school.id', 'school_class.school_id').select(['school_class.id', 'school_class.name', 'school.name as school_name', 'teacher']).where('school_class.id', '=', params['id'] ?? '').executeTakeFirst()
    if (place === undefined) return c.notFound()
    const children = await selectChildren(c.db, c.today()).where('school_class.id', '=', place.id).orderBy('child.sort_key').execute()
    const title = `${place.name} – ${place.school_name}`
    return c.page(title, (
      <Page title={title} intro={place.teacher ?? ''} breadcrumb={[{ label: c.t('page.schools'), href: c.url('/gestion/ecoles') }]}>
        <DataTable
          caption={c.t('class.children', { count: children.length })} rows={children} rowKey={({ id }) => id} empty={c.t('child.none')}
          columns={[{ key: 'name', header: c.t('field.lastName'), cell: ({ id, first_name: first, last_name: last }) => <a href={c.url(`/gestion/enfants/${id}`)}>{last} {first}</a> }, { key: 'birth_day', header: c.t('child.born'), cell: ({ birth_day: day }) => c.format.date(day) }]}
        />
      </Page>
    ))
  })

  k.form({ ...manage, path: '/gestion/ecoles/ajouter', title: 'school.add', schema: SchoolForm }, async (c, data) => {
    const id = c.id()
    await c.transaction((tx) => saveSchool(tx, id, { ...data, uai: data.uai?.toUpperCase() }))
    await c.audit('school.saved', id)
    return c.redirect('/gestion/ecoles', 'notice.saved')
  })
  k.form({ ...manage, path: '/gestion/ecoles/:id/modifier', title: 'page.school.edit', schema: SchoolForm }, async (c, data, { params }) => {
    const id = params['id'] ?? ''
    if (await schoolOf(c, id) === undefined) return c.notFound()
    await c.transaction((tx) => saveSchool(tx, id, { ...data, uai: data.uai?.toUpperCase() }))
    await c.audit('school.saved', id)
    return c.redirect('/gestion/ecoles', 'notice.saved')
  }, async (c, { params }) => {
    const school = await schoolOf(c, params['id'] ?? '')
    return school === undefined ? undefined : { name: school.name, address: school.address, ...(school.uai === null ? {} : { uai: school.uai }), ...(school.phone === null ? {} : { phone: school.phone }) }
  })
  k.form({ ...manage, path: '/gestion/ecoles/:id/classes/ajouter', title: 'class.add', schema: ClassForm }, async (c, { className, level, teacher }, { params }) => {
    const school = await schoolOf(c, params['id'] ?? '')
    if (school === undefined) return c.notFound()
    const id = c.id()
    await c.transaction((tx) => saveClass(tx, id, school.id, { name: className, level, teacher }, LEVELS.indexOf(level)))
    await c.audit('class.saved', id)
    return c.redirect('/gestion/ecoles', 'notice.saved')
  }, async (c, { params }) => (await schoolOf(c, params['id'] ?? '') === undefined ? undefined : {}))

  k.page({ ...manage, path: '/gestion/rentree', title: 'page.september' }, async (c) => {
    const { year, moves, leaving, unclear } = await september(c)
    return (
      <Page title={c.t('page.september')} intro={c.t('september.intro', { day: c.format.date(year.firstDay) })} breadcrumb={[...bureauCrumbs(c), { label: c.t('page.schools'), href: c.url('/gestion/ecoles') }]}>
        <p>{c.t('september.counts', { moves: moves.length, leaving, unclear: unclear.length })}</p>
        {unclear.length > 0 && (
          <Notice kind="warning" title={c.t('september.unclear')}>
            <ul>{unclear.slice(0, 100).map((child) => <li key={child.id}><a href={c.url(`/gestion/enfants/${child.id}`)}>{child.first_name} {child.last_name}</a></li>)}</ul>
          </Notice>
        )}
        {moves.length > 0 && <ActionButton kind="primary" action={c.url('/gestion/rentree/passer')} label={c.t('september.do', { count: moves.length })} confirm={c.t('september.confirm', { day: c.format.date(year.firstDay) })} />}
      </Page>
    )
  })

  k.action({ ...manage, path: '/gestion/rentree/passer' }, async (c) => {
    const { year, moves } = await september(c)
    await c.transaction((tx) => moveUp(c, tx, moves, year))
    await c.audit('september.moved-up', String(year.year), { children: moves.length })
    return c.redirect('/gestion/ecoles', 'notice.moved-up')
  })
}

/** What the next rentrée would do: who is placed in the coming year already is left alone. */
async function september(c: FamiliesContext) {
  const now = schoolYearOf(c.today())
  const year = schoolYear(now.year + 1)
  const classes = (await c.db.selectFrom('school_class').select(['id', 'school_id', 'level']).orderBy('position').orderBy('id').execute()).map(({ id, school_id: schoolId, level }) => ({ id, schoolId, level }))
  const placed = new Set((await c.db.selectFrom('schooling').select('child_id').where('first_day', '<=', year.lastDay).where('last_day', '>=', year.firstDay).execute()).map((row) => row.child_id))
  const children = (await selectChildren(c.db, c.today()).where('school_class.id', 'is not', null).orderBy('child.sort_key').execute()).filter(({ id }) => !placed.has(id))
  const found = children.map((child) => {
    const current = classes.find(({ id }) => id === child.class_id)
    return { child, next: current === undefined ? undefined : nextClass(current, classes), leaves: current?.level === 'CM2' }
  })
  return {
    year,
    moves: found.flatMap(({ child, next }) => (next === undefined ? [] : [{ childId: child.id, householdId: child.household_id, classId: next.id }])),
    leaving: found.filter(({ leaves }) => leaves).length,
    unclear: found.filter(({ next, leaves }) => next === undefined && !leaves).map(({ child }) => child),
  }
}

function schoolOf(c: FamiliesContext, id: string) {
  return c.db.selectFrom('school').selectAll().where('id', '=', id).executeTakeFirst()
}
