import type { DemoContext } from '@liberacces/sdk'
import type { DirectoryTypes } from '../directory-types.ts'
import { saveAssociation } from '../store/associations.ts'
import { saveMandate } from '../store/mandates.ts'
import { insertPerson, today } from '../store/people.ts'
import { saveService } from '../store/services.ts'
import type { DemoTenant } from './demo-directory.ts'
import { intercommunalDirectory, satelliteDirectory } from './small-body.ts'
import { townDirectory } from './town.ts'

/** Population taken where a tenant does not say: a large village. */
const USUAL_POPULATION = 2_500

/** Fills an empty directory with people, services and associations that fit the collectivité. */
export async function fillDemo(c: DemoContext<DirectoryTypes>): Promise<void> {
  const tenant: DemoTenant = { slug: c.tenant.slug, name: c.tenant.name, insee: c.tenant.insee, population: c.tenant.population ?? USUAL_POPULATION }
  const chance = () => c.random()
  const day = today(c)
  const directory = {
    commune: () => townDirectory(tenant, chance, day),
    satellite: () => satelliteDirectory(tenant, chance, day),
    pool: () => intercommunalDirectory(tenant, chance, day),
    epci: () => intercommunalDirectory(tenant, chance, day),
  }[c.tenant.kind]()
  await c.transaction(async (tx) => {
    const serviceIds = new Map(directory.services.map(({ name }) => [name, c.id()]))
    for (const { parent, ...service } of directory.services) {
      await saveService(tx, serviceIds.get(service.name) ?? c.id(), { ...service, parentId: parent === undefined ? undefined : serviceIds.get(parent) })
    }
    for (const { person, service, mandates } of directory.people) {
      const id = c.id()
      await insertPerson(tx, id, { ...person, serviceId: service === undefined ? undefined : serviceIds.get(service) }, c.now())
      for (const mandate of mandates) await saveMandate(tx, c.id(), id, mandate, day)
    }
    for (const association of directory.associations) await saveAssociation(tx, c.id(), association, c.now())
  })
}
