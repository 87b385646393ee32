import { DEMO_CODE } from '../claim-code.ts'
import { custodyRow } from '../store/custody.ts'
import { nextLevel, schoolYear, schoolYearOf, type Level } from '../domain/school-year.ts'
import type { FamiliesDemo } from '../families-types.ts'
import { insertChild } from '../store/children.ts'
import { saveHealth, sealRecord } from '../store/health.ts'
import { insertHousehold } from '../store/households.ts'
import { insertQuotient } from '../store/quotients.ts'
import { saveClass, saveSchool } from '../store/schools.ts'
import { demoFamilies, type DemoFamily } from './demo-families.ts'
import { DEMO_SCHOOLS } from './demo-schools.ts'

/** Most children of one commune's demonstration. */
const MOST_CHILDREN = 220
/** Population taken where a tenant does not say: a large village. */
const USUAL_POPULATION = 2_500

/** Two schools and their families; as many as fit the commune. What is no commune has none. */
export async function fillDemo(c: FamiliesDemo): Promise<void> {
  if (c.tenant.kind !== 'commune') return
  const today = c.today()
  const year = schoolYearOf(today)
  const childCount = Math.min(MOST_CHILDREN, Math.max(24, Math.round((c.tenant.population ?? USUAL_POPULATION) * 0.03)))
  const families = demoFamilies(() => c.random(), childCount, year, today)
  const sealed = await Promise.all(families.map((family) => Promise.all(family.children.map(({ health }) => (health === undefined ? Promise.resolve(undefined) : sealRecord(c, health))))))
  await c.transaction(async (tx) => {
    const classes = new Map<Level, string>()
    for (const { name, classes: own } of DEMO_SCHOOLS) {
      const schoolId = c.id()
      await saveSchool(tx, schoolId, { name })
      for (const [position, each] of own.entries()) {
        const classId = c.id()
        classes.set(each.level, classId)
        await saveClass(tx, classId, schoolId, each, position)
      }
    }
    // Filled a second time, the code stays with the family that has it.
    const taken = await tx.selectFrom('guardian').select('id').where('claim_code', '=', DEMO_CODE).executeTakeFirst()
    // The first family in which there is much to see: two children, both parents, a quotient familial.
    const shown = families.findIndex(({ children, parents, quotient, resident }) => resident && children.length === 2 && parents.length === 2 && quotient !== undefined)
    for (const [index, family] of families.entries()) {
      const mother = await insertFamily(c, tx, family, sealed[index] ?? [], classes)
      if (index === shown && mother !== undefined && taken === undefined) await tx.updateTable('guardian').set({ claim_code: DEMO_CODE }).where('id', '=', mother).execute()
    }
  })
}

/** @returns the first guardian */
async function insertFamily(c: FamiliesDemo, tx: Parameters<Parameters<FamiliesDemo['transaction']>[0]>[0], family: DemoFamily, sealed: readonly (string | undefined)[], classes: ReadonlyMap<Level, string>): Promise<string | undefined> {
  const year = schoolYearOf(c.today())
  const place = { postcode: c.tenant.insee === undefined ? '' : `${c.tenant.insee.slice(0, 2)}000`, town: c.tenant.name }
  const elsewhere = { postcode: place.postcode, town: 'Commune voisine' }
  const { id, guardianIds: [mother, father] } = await insertHousehold(c, tx, { resident: family.resident, address: family.address, ...(family.resident ? place : elsewhere) }, family.parents.map((parent) => ({
    ...parent, mayBook: true, mayFetch: true, ...(parent.ownAddress === undefined ? {} : { address: parent.ownAddress, ...place }),
  })))
  for (const [index, child] of family.children.entries()) {
    const childId = await insertChild(c, tx, id, child)
    // In one statement: a child that is new has been nowhere that would have to give way.
    const schooling = schoolingOf(child.level, year.year, classes).map(([classId, { firstDay, lastDay }]) => ({ id: c.id(), child_id: childId, class_id: classId, first_day: firstDay, last_day: lastDay }))
    if (schooling.length > 0) await tx.insertInto('schooling').values(schooling).execute()
    const record = sealed[index]
    if (record !== undefined) await saveHealth(c, tx, childId, record)
    if (family.grandparent !== undefined) {
      await tx.insertInto('pick_up_person').values({ id: c.id(), child_id: childId, ...family.grandparent, relation: c.t('demo.grandparent'), first_day: null, last_day: null }).execute()
    }
  }
  if (mother !== undefined && father !== undefined && family.custody !== 'none') {
    await tx.insertInto('custody').values(custodyRow(c.id(), id, undefined, family.custody === 'alternating'
      ? { kind: 'alternating', firstDay: year.firstDay, firstGuardianId: mother, secondGuardianId: father, handoverWeekday: 5 }
      : { kind: 'shared', firstDay: year.firstDay, firstGuardianId: mother, secondGuardianId: father, firstShare: 6_000 })).execute()
  }
  if (family.quotient !== undefined) {
    const readOn = c.today().slice(5) < '02-01' ? `${Number(c.today().slice(0, 4)) - 1}-02-01` : `${c.today().slice(0, 4)}-02-01`
    await insertQuotient(c, tx, id, { ...family.quotient, month: readOn.slice(0, 7) }, readOn)
    if (mother !== undefined && family.quotient.source !== 'declared') {
      await tx.insertInto('quotient_consent').values({ household_id: id, guardian_id: mother, given_at: `${readOn}T08:00:00.000Z`, withdrawn_at: null, asked_at: `${readOn}T08:00:01.000Z`, retry_at: null, outcome: 'read' }).execute()
    }
  }
  return mother
}

/** The class of this year, and that of the year before. */
function schoolingOf(level: Level, year: number, classes: ReadonlyMap<Level, string>): readonly (readonly [string, ReturnType<typeof schoolYear>])[] {
  const before = [...classes.keys()].find((each) => nextLevel(each) === level)
  const [now, then] = [classes.get(level), before === undefined ? undefined : classes.get(before)]
  return [...(now === undefined ? [] : [[now, schoolYear(year)] as const]), ...(then === undefined ? [] : [[then, schoolYear(year - 1)] as const])]
}
