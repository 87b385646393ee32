import { misfit } from '@liberacces/core'
import type { TSchema } from '@liberacces/sdk'
import { AnswerSchema, HEARD, PartnerSchema, PartnersSchema, SAID, type Answer, type Partner } from './partner-description.ts'

/** Where the author of a plugin describes its partners, in its folder and in its archive. */
export const PARTNERS_FILE = 'certification/partners.json'
/** Largest description, in bytes. */
const MOST_BYTES = 65_536
/** Parts within parts. */
const MOST_DEPTH = 6

/** What a description came to. With problems nobody is played. */
export interface ReadPartners {
  readonly partners: readonly Partner[]
  /** Each says where. */
  readonly problems: readonly string[]
}

/** Reads the description of a plugin's partners, which is data from whoever made the archive. Pure. */
export function readPartners(file: Uint8Array | undefined): ReadPartners {
  if (file === undefined) return { partners: [], problems: [] }
  if (file.byteLength > MOST_BYTES) return { partners: [], problems: [`it has ${file.byteLength} bytes; ${MOST_BYTES} are the most.`] }
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file))
  } catch (cause) {
    return { partners: [], problems: [`it is no JSON in UTF-8: ${cause instanceof Error ? cause.message : String(cause)}.`] }
  }
  const problems = problemsOf(value)
  return problems.length > 0 ? { partners: [], problems } : { partners: (value as { readonly partners: readonly Partner[] }).partners, problems: [] }
}

function problemsOf(value: unknown): readonly string[] {
  const wrong = misfit(PartnersSchema, value)
  if (wrong !== undefined) return [`${wrong}.`]
  const { partners } = value as { readonly partners: readonly Partner[] }
  const found = partners.flatMap((partner, index) => problemsOfPartner(partner, `partners[${index}]`))
  if (found.length > 0) return found
  const places = partners.map(({ host, port }) => `${host}:${port}`)
  return places.flatMap((place, index) => (places.indexOf(place) === index ? [] : [`partners[${index}]: ${place} is described already.`]))
}

function problemsOfPartner(partner: Partner, at: string): readonly string[] {
  const wrong = misfit(PartnerSchema, partner)
  if (wrong !== undefined) return [`${at} ${wrong}.`]
  const shape = [
    ...problemsOfParts(SAID, partner.greeting, `${at}.greeting`),
    ...partner.answers.flatMap((answer, index) => problemsOfAnswer(answer, `${at}.answers[${index}]`)),
  ]
  if (shape.length > 0) return shape
  const known = new Set(partner.answers.flatMap(({ to, make = {} }) => [...Object.keys(make), ...namesIn(to, 'as')]))
  return [...namesIn(partner, 'kept'), ...namesIn(partner, 'sizeOf'), ...namesIn(partner, 'any')].flatMap((name) => (known.has(name) ? [] : [`${at}: nothing is kept as "${name}".`]))
}

function problemsOfAnswer(answer: Answer, at: string): readonly string[] {
  const wrong = misfit(AnswerSchema, answer)
  if (wrong !== undefined) return [`${at} ${wrong}.`]
  return [...problemsOfParts(HEARD, answer.to, `${at}.to`), ...problemsOfParts(SAID, answer.say, `${at}.say`), ...Object.entries(answer.make ?? {}).flatMap(([name, parts]) => problemsOfParts(SAID, parts, `${at}.make.${name}`))]
}

/** A part is told by the one key that only its kind has: what is wrong with it is then said of that kind alone. */
function problemsOfParts(kinds: Readonly<Record<string, TSchema>>, parts: readonly unknown[] = [], at: string, depth = 1): readonly string[] {
  if (depth > MOST_DEPTH) return [`${at}: parts are nested deeper than ${MOST_DEPTH}.`]
  return parts.flatMap((part, index) => {
    const where = `${at}[${index}]`
    const kind = typeof part === 'object' && part !== null ? Object.keys(kinds).find((key) => Object.hasOwn(part, key)) : undefined
    if (kind === undefined) return [`${where}: it is none of ${Object.keys(kinds).join(', ')}.`]
    const wrong = misfit(kinds[kind] as TSchema, part)
    if (wrong !== undefined) return [`${where} ${wrong}.`]
    return problemsOfParts(kinds, (part as { readonly of?: readonly unknown[] }).of, `${where}.of`, depth + 1)
  })
}

/** Texts under a key, however deep. */
function namesIn(value: unknown, key: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([own, each]) => (own === key && typeof each === 'string' ? [each] : namesIn(each, key)))
}
