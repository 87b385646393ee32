import { Choice, Type, type Static } from '@liberacces/sdk'
import type { Problems } from './checked.ts'
import type { DirectoryContext } from './directory-types.ts'
import { checkPerson, PERSON_KINDS, PERSON_LIMITS, type Person, type PersonField } from './person.ts'
import { insertPerson, personConflicts, updatePerson } from './store/people.ts'
import { serviceNamed } from './store/services.ts'

const line = (maxLength: number) => Type.String({ maxLength })

/** A person as the form and the API take it. The service goes by its name. */
export const PersonInput = Type.Object(
  {
    kind: Choice(PERSON_KINDS),
    firstName: Type.String({ minLength: 1, maxLength: PERSON_LIMITS.firstName }),
    lastName: Type.String({ minLength: 1, maxLength: PERSON_LIMITS.lastName }),
    role: Type.Optional(line(PERSON_LIMITS.role)),
    service: Type.Optional(line(120)),
    email: Type.Optional(line(PERSON_LIMITS.email)),
    emailPublic: Type.Optional(Type.Boolean()),
    phone: Type.Optional(line(PERSON_LIMITS.phone)),
    phonePublic: Type.Optional(Type.Boolean()),
    internalPhone: Type.Optional(line(PERSON_LIMITS.internalPhone)),
    room: Type.Optional(line(PERSON_LIMITS.room)),
    /** Whether the public may see the person. @defaultValue `true` */
    listed: Type.Optional(Type.Boolean({ default: true })),
    accountId: Type.Optional(line(PERSON_LIMITS.accountId)),
  },
  { additionalProperties: false },
)
/** See {@link PersonInput}. */
export type PersonInput = Static<typeof PersonInput>

/** What became of storing a person. */
export type PersonWritten =
  | { readonly kind: 'stored'; readonly id: string }
  | { readonly kind: 'refused'; readonly problems: Problems<PersonField | 'service'> }
  | { readonly kind: 'not-found' }

/** A person as the form shows it. */
export function toPersonInput(person: Person, serviceName: string | undefined): PersonInput {
  const { serviceId: _serviceId, ...fields } = person
  const filled = Object.fromEntries(Object.entries({ ...fields, service: serviceName }).filter(([, value]) => value !== undefined && value !== ''))
  return filled as PersonInput
}

/**
 * Stores a person from the form or the API, with its event, if everything is right.
 * @param id - of the person to change; a new one without it
 */
export async function writePerson(c: DirectoryContext, id: string | undefined, input: PersonInput): Promise<PersonWritten> {
  const written = await c.transaction(async (tx): Promise<PersonWritten> => {
    const serviceName = (input.service ?? '').trim()
    const service = serviceName === '' ? undefined : await serviceNamed(tx, serviceName)
    const result = checkPerson({
      kind: input.kind,
      firstName: input.firstName,
      lastName: input.lastName,
      role: input.role ?? '',
      serviceId: service?.id,
      email: input.email ?? '',
      emailPublic: input.emailPublic ?? false,
      phone: input.phone ?? '',
      phonePublic: input.phonePublic ?? false,
      internalPhone: input.internalPhone ?? '',
      room: input.room ?? '',
      accountId: input.accountId ?? '',
      listed: input.listed ?? true,
    })
    const problems: Problems<PersonField | 'service'> = {
      ...(result.ok ? await personConflicts(tx, id, result.value) : result.problems),
      ...(serviceName !== '' && service === undefined ? { service: 'unknown-service' as const } : {}),
    }
    if (!result.ok || Object.keys(problems).length > 0) return { kind: 'refused', problems }
    if (id !== undefined) return (await updatePerson(tx, id, result.value, c.now())) ? { kind: 'stored', id } : { kind: 'not-found' }
    const newId = c.id()
    await insertPerson(tx, newId, result.value, c.now())
    return { kind: 'stored', id: newId }
  })
  if (written.kind === 'stored') await c.audit(id === undefined ? 'person.created' : 'person.updated', written.id)
  return written
}
