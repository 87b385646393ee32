// Checks that the table of error codes (CODES in core/src/errors.ts) and its page (docs/reference/errors.md, one
// `### CODE` each) name the same codes, with the HTTP status that they have, and that each code is thrown somewhere. A retired code stays in both, its text
// starts with "Retired", and nobody uses it.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { filesUnder, packageFolders, read, report, root } from './workspace.ts'

const TABLE = 'core/src/errors.ts'
const STATUSES = 'core/src/http/status-codes.ts'
const PAGE = 'docs/reference/errors.md'

const missing = [TABLE, STATUSES, PAGE].filter((path) => !existsSync(join(root, path)))
if (missing.length > 0) {
  report('codes', missing.map((path) => `${path}: missing`), '')
} else {
  const { CODES } = (await import(pathToFileURL(join(root, TABLE)).href)) as { CODES: Readonly<Record<string, unknown>> }
  const { statusOf } = (await import(pathToFileURL(join(root, STATUSES)).href)) as { readonly statusOf: (code: string) => number }
  const codes = Object.keys(CODES)
  const retired = new Set(codes.filter((code) => /"?retired\b/i.test(JSON.stringify(CODES[code]))))
  const sections = [...read(PAGE).matchAll(/^### `?([A-Z][A-Z0-9_]+)`?\s*$/gm)].map((match) => match[1] ?? '')

  const statuses = [...read(PAGE).matchAll(/^### `?([A-Z][A-Z0-9_]+)`?\s+Status (\d+)/gm)].map(([, code = '', status]) => ({ code, status: Number(status) }))

  // The table itself is cut out of its file: standing in it is no use of a code.
  const source = packageFolders()
    .filter((folder) => existsSync(join(root, folder, 'src')))
    .flatMap((folder) => filesUnder(`${folder}/src`, /\.tsx?$/))
    .map((file) => (file === TABLE ? read(file).replace(/export const CODES\b[\s\S]*?^\}/m, '') : read(file)))
    .join('\n')
  const used = new Set([...source.matchAll(/['"`]([A-Z][A-Z0-9_]+)['"`]/g)].map((match) => match[1]))

  report('codes', [
    ...codes.filter((code) => !sections.includes(code)).map((code) => `${PAGE}: no section "### ${code}"`),
    ...sections.filter((code) => !codes.includes(code)).map((code) => `${PAGE}: "${code}" is not in CODES of ${TABLE}`),
    ...sections.filter((code, index) => sections.indexOf(code) !== index).map((code) => `${PAGE}: "${code}" has two sections`),
    ...sections.filter((code) => statuses.every((other) => other.code !== code)).map((code) => `${PAGE}: "${code}" does not begin with its "Status …"`),
    ...statuses.filter(({ code, status }) => statusOf(code) !== status).map(({ code, status }) => `${PAGE}: "${code}" is said to have status ${status}; it has ${statusOf(code)} in ${STATUSES}`),
    ...codes.filter((code) => !retired.has(code) && !used.has(code)).map((code) => `${TABLE}: no source uses ${code}; remove it, or mark it "Retired: …"`),
    ...codes.filter((code) => retired.has(code) && used.has(code)).map((code) => `${TABLE}: ${code} is retired, yet a source uses it`),
  ], `${codes.length} codes, each used and documented`)
}
