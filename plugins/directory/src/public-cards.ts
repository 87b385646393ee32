import type { PersonCard, ServiceCard } from './contract.ts'
import type { DirectoryContext } from './directory-types.ts'
import { displayName, isPublic, roleOn } from './person.ts'
import { today, type StoredPerson } from './store/people.ts'
import type { StoredAssociation } from './store/associations.ts'
import type { StoredService } from './store/services.ts'

/** The public part of an association. */
export interface AssociationCard {
  readonly id: string
  readonly name: string
  readonly rna?: string
  readonly purpose?: string
  readonly website?: string
  readonly contactName?: string
  readonly contactEmail?: string
  readonly contactPhone?: string
  readonly url: string
}

/** Whether the public of this tenant may see a person today. */
export function isVisible(c: DirectoryContext, { person, mandates }: StoredPerson): boolean {
  return isPublic(person, mandates, today(c), c.settings)
}

/** The public part of a person whom the public may see. */
export function personCard(c: DirectoryContext, { id, person, serviceName, mandates }: StoredPerson): PersonCard {
  return {
    id,
    displayName: displayName(person),
    role: roleOn(person, mandates, today(c)),
    kind: person.kind,
    ...(person.serviceId === undefined ? {} : { serviceId: person.serviceId }),
    ...(serviceName === undefined ? {} : { serviceName }),
    ...(person.email === undefined || !person.emailPublic ? {} : { email: person.email }),
    ...(person.phone === undefined || !person.phonePublic ? {} : { phone: person.phone }),
    url: c.url(`/personnes/${id}`),
  }
}

/** The public part of a service, which is all of it. */
export function serviceCard(c: DirectoryContext, service: StoredService): ServiceCard {
  return {
    id: service.id,
    name: service.name,
    ...(service.parentId === undefined ? {} : { parentId: service.parentId }),
    ...(service.openingHours === '' ? {} : { openingHours: service.openingHours }),
    ...(service.email === undefined ? {} : { email: service.email }),
    ...(service.phone === undefined ? {} : { phone: service.phone }),
    ...(service.address === '' ? {} : { address: service.address }),
    url: c.url(`/services/${service.id}`),
  }
}

/** The public part of an association. */
export function associationCard(c: DirectoryContext, association: StoredAssociation): AssociationCard {
  const { id, name, rna, purpose, website } = association
  return {
    id,
    name,
    ...(rna === undefined ? {} : { rna }),
    ...(purpose === '' ? {} : { purpose }),
    ...(website === undefined ? {} : { website }),
    ...(association.contactPublic ? contactOf(association) : {}),
    url: c.url(`/associations/${id}`),
  }
}

function contactOf({ contactName, contactEmail, contactPhone }: StoredAssociation) {
  return {
    ...(contactName === '' ? {} : { contactName }),
    ...(contactEmail === undefined ? {} : { contactEmail }),
    ...(contactPhone === undefined ? {} : { contactPhone }),
  }
}
