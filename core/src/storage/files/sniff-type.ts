import { open } from 'node:fs/promises'
import { endingOf } from './file-name.ts'

/** Control characters that no text holds: all but white space and escape. */
// oxlint-disable-next-line no-control-regex
const NOT_TEXT = /[\0-\u0008\u000e-\u001a\u001c-\u001f]/

/** How much of a text is looked at, in bytes. */
const LOOKED_AT = 65_536

/** What the sender says of a file. Believed only among kinds that the bytes cannot tell apart and that do no harm. */
export interface ClaimedType {
  readonly name: string
  readonly type: string
}

/** The media type found in the bytes of a file; `application/octet-stream` when they tell nothing. */
export async function sniffType(path: string, claimed: ClaimedType): Promise<string> {
  // Loaded for the first upload: a server that starts needs no reader of a hundred file formats.
  const { fileTypeFromFile } = await import('file-type')
  const found = (await fileTypeFromFile(path).catch(unreadable))?.mime
  if (found === CONTAINER) return OFFICE[endingOf(claimed.name)] ?? found
  if (found !== undefined && !found.endsWith('xml')) return found
  const head = await readHead(path)
  if (NOT_TEXT.test(head)) return found ?? 'application/octet-stream'
  return markupType(head) ?? found ?? textType(head, claimed)
}

/**
 * A file may break off or contradict itself: then its bytes tell nothing.
 * @throws what has a code of its own: a disk that fails, a module that is not there
 */
function unreadable(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== undefined) throw error
}

/** The container of Office files before 2007, which tells its content nowhere cheap. */
const CONTAINER = 'application/x-cfb'
const OFFICE: Readonly<Record<string, string>> = {
  doc: 'application/msword', xls: 'application/vnd.ms-excel', ppt: 'application/vnd.ms-powerpoint', msg: 'application/vnd.ms-outlook',
}

/** Read byte by byte as Latin-1: only ASCII matters here, and no encoding fails. */
async function readHead(path: string): Promise<string> {
  const file = await open(path)
  try {
    const buffer = new Uint8Array(LOOKED_AT)
    const { bytesRead } = await file.read(buffer, 0, LOOKED_AT, 0)
    return Buffer.from(buffer.buffer, 0, bytesRead).toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '')
  } finally {
    await file.close()
  }
}

const HTML_START = /^<(?:!--|!doctype\s+html|\/?(?:html|head|body|title|meta|link|base|script|style|iframe|frame|object|embed|form|img|a|b|p|br|h1|div|font|table|svg|math)(?=[\s/>]))/i

/** A text that a browser might take for a page, a drawing or a document with script in it. */
function markupType(head: string): string | undefined {
  const text = head.trimStart()
  if (!text.startsWith('<')) return undefined
  const isXml = text.startsWith('<?xml')
  if (/<(?:[\w.-]+:)?svg[\s/>]/i.test(text)) return 'image/svg+xml'
  if (/http:\/\/www\.w3\.org\/1999\/xhtml/.test(text)) return 'application/xhtml+xml'
  if (isXml) return 'application/xml'
  return HTML_START.test(text) ? 'text/html' : undefined
}

/** Kinds of harmless text, by the ending of their names. */
const TEXT_ENDINGS: Readonly<Record<string, string>> = {
  txt: 'text/plain', csv: 'text/csv', tsv: 'text/tab-separated-values', md: 'text/markdown', json: 'application/json', geojson: 'application/geo+json',
}
const CLAIMABLE: ReadonlySet<string> = new Set(Object.values(TEXT_ENDINGS))

function textType(head: string, { name, type }: ClaimedType): string {
  const claimed = type.split(';')[0]?.trim().toLowerCase() ?? ''
  const kind = TEXT_ENDINGS[endingOf(name)] ?? (CLAIMABLE.has(claimed) ? claimed : looksTabular(head) ? 'text/csv' : 'text/plain')
  return kind.endsWith('json') && !/^\s*[[{]/.test(head) ? 'text/plain' : kind
}

/** Several lines, each with the same number of separators. */
function looksTabular(head: string): boolean {
  const lines = head.split(/\r?\n/).slice(0, 10).filter((line) => line.trim() !== '').map((line) => line.replace(/"[^"]*"/g, ''))
  return lines.length > 1 && [';', ',', '\t'].some((separator) => {
    const counts = new Set(lines.map((line) => line.split(separator).length))
    return counts.size === 1 && !counts.has(1)
  })
}
