import { phoneUri } from './contact.ts'

/** What a vCard says of a person: public parts only, the caller sees to that. */
export interface VcardPerson {
  readonly id: string
  readonly firstName: string
  readonly lastName: string
  readonly role: string
  readonly organisation: string
  readonly serviceName: string | undefined
  readonly email: string | undefined
  readonly phone: string | undefined
  /** Absolute address of the person's page. */
  readonly url: string
}

/** A person as a vCard 4.0 (RFC 6350), lines ended by CRLF and folded at 75 octets. */
export function writeVcard(person: VcardPerson): string {
  const lines = [
    'BEGIN:VCARD',
    'VERSION:4.0',
    'KIND:individual',
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(person.id) ? `UID:urn:uuid:${person.id}` : `UID;VALUE=text:${escapeText(person.id)}`,
    `FN:${escapeText(`${person.firstName} ${person.lastName}`)}`,
    `N:${escapeText(person.lastName)};${escapeText(person.firstName)};;;`,
    `ORG:${[person.organisation, person.serviceName ?? ''].filter((part) => part !== '').map(escapeText).join(';')}`,
    ...(person.role === '' ? [] : [`TITLE:${escapeText(person.role)}`]),
    ...(person.email === undefined ? [] : [`EMAIL;TYPE=work:${escapeText(person.email)}`]),
    ...(person.phone === undefined ? [] : [`TEL;VALUE=uri;TYPE="work,voice":${phoneUri(person.phone)}`]),
    // A URI is not escaped (RFC 6350, section 3.4), so nothing but a URI may get here.
    ...(URL.canParse(person.url) ? [`URL:${new URL(person.url).href}`] : []),
    'END:VCARD',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

/** RFC 6350, section 3.4. Line breaks of any kind become `\n`, so no value can start a property of its own. */
function escapeText(text: string): string {
  return text.replace(/[\\,;]/g, '\\$&').replace(/\r\n?|[\n\v\f\u0085\u2028\u2029]/g, '\\n').replace(/\p{Cc}/gu, '')
}

/** Lines of at most 75 octets of UTF-8 without the line break; no character is cut in two. */
function fold(line: string): string {
  let folded = ''
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > 75) {
      folded += '\r\n '
      octets = 1
    }
    folded += character
    octets += size
  }
  return folded
}
