import { CreateError } from './create-error.ts'

/** Who publishes a plugin, as far as it is said. */
export interface PublisherWanted {
  /** As people know them. */
  readonly publisher?: string | undefined
  /** Where help is: `mailto:` or `https:`. */
  readonly contact?: string | undefined
}

/** What stands in every template; nobody can be reached there, which the certification tells. */
const EXAMPLE = { name: 'Example', contact: 'https://example.org' } as const
const NAME = /^(?=.*[\p{L}\p{N}])[\p{L}\p{M}\p{N} \u00a0\u202f\-–—’&().,:/+@°]{1,80}$/u
const CONTACT = /^(?:mailto:[^\s@'"`\\<>]+@[^\s@'"`\\<>]+|https:\/\/[^\s'"`\\<>]+)$/

/** Who publishes, with `'` as French typography has it. @throws CreateError for a name or an address that cannot stand in sources */
export function publisherOf({ publisher, contact }: PublisherWanted): PublisherWanted {
  const name = publisher?.normalize('NFC').trim().replaceAll('\'', '’')
  if (name !== undefined && !NAME.test(name)) throw new CreateError('refused.publisher', { publisher: name })
  if (contact !== undefined && (!CONTACT.test(contact) || contact.length > 200)) throw new CreateError('refused.contact', { contact })
  return { publisher: name, contact }
}

/** Puts the publisher in the place of the example's in `src/plugin.tsx`. */
export function withPublisher(text: string, { publisher = EXAMPLE.name, contact = EXAMPLE.contact }: PublisherWanted): string {
  return text.replace(`{ name: '${EXAMPLE.name}', contact: '${EXAMPLE.contact}' }`, () => `{ name: '${publisher}', contact: '${contact}' }`)
}

/** Puts the address in the place of the example's in what `package.json` says under `liberacces`. */
export function withSupport(described: Readonly<Record<string, unknown>>, contact: string | undefined): Readonly<Record<string, unknown>> {
  const { liberacces } = described as { readonly liberacces?: { readonly support?: object } }
  return contact === undefined || liberacces?.support === undefined ? described : { ...described, liberacces: { ...liberacces, support: { ...liberacces.support, contact, security: contact } } }
}
