/** What other plugins may rely on: the public parts of the directory. Nothing here runs but the declarations. */
import { defineEvent, defineService, Type, type Static } from '@liberacces/sdk'

/** The public part of an élu or agent. A field that the person or the collectivité keeps internal is absent. */
export const PersonCard = Type.Object({
  id: Type.String(),
  displayName: Type.String(),
  /** What the person does here, such as `Adjointe à la culture`; empty when nothing is known. */
  role: Type.String(),
  kind: Type.Union([Type.Literal('elected'), Type.Literal('agent')]),
  serviceId: Type.Optional(Type.String()),
  serviceName: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String()),
  /** Address of the person's page on this tenant, a path such as `/apps/annuaire/personnes/…`. */
  url: Type.String(),
})
/** See {@link PersonCard}. */
export type PersonCard = Static<typeof PersonCard>

/** A service of the collectivité, as lists name it. */
export const ServiceName = Type.Object({ id: Type.String(), name: Type.String() })

/** The public part of a service. */
export const ServiceCard = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** The service it belongs to. */
  parentId: Type.Optional(Type.String()),
  /** Opening hours as free text, several lines. */
  openingHours: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  /** Address of the service's page on this tenant, a path. */
  url: Type.String(),
})
/** See {@link ServiceCard}. */
export type ServiceCard = Static<typeof ServiceCard>

const Id = Type.String({ minLength: 1, maxLength: 200 })

/**
 * Who is who in a collectivité. Every operation answers with public parts only, whoever asks, so callers may show the
 * answer to anyone. Unknown ids answer `null`, never an error.
 */
export const Directory = defineService('fr.liberacces.directory/v1', {
  person: { summary: 'A person by id', input: Type.Object({ id: Id }), output: Type.Union([PersonCard, Type.Null()]) },
  personOfAccount: {
    summary: 'Which agent or élu an account is; where no account is linked, the e-mail address decides if it is given',
    input: Type.Object({ accountId: Id, email: Type.Optional(Type.String({ maxLength: 254 })) }),
    output: Type.Union([PersonCard, Type.Null()]),
  },
  search: {
    summary: 'People whose name, role or service holds every word, accents and case aside; everyone for an empty text. Ordered by name',
    input: Type.Object({ text: Type.String({ maxLength: 200 }), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })) }),
    output: Type.Array(PersonCard),
  },
  services: { summary: 'All services, ordered by name', input: Type.Object({}), output: Type.Array(ServiceName) },
  service: { summary: 'A service by id', input: Type.Object({ id: Id }), output: Type.Union([ServiceCard, Type.Null()]) },
})

/** A person was created, changed or deleted. Says who, not what: ask {@link Directory} for the public part. */
export const PersonChanged = defineEvent(
  'fr.liberacces.directory.person-changed/v1',
  Type.Object({ personId: Type.String(), change: Type.Union([Type.Literal('created'), Type.Literal('updated'), Type.Literal('deleted')]) }),
  { subject: 'personId' },
)

/** An élu's mandate ended. Sent once per mandate, in the first hours of its first day out of office. */
export const MandateEnded = defineEvent(
  'fr.liberacces.directory.mandate-ended/v1',
  Type.Object({ mandateId: Type.String(), personId: Type.String(), lastDay: Type.String({ format: 'date' }) }),
  { subject: 'personId' },
)
