import { gzipSync } from 'node:zlib'
import { collectRegistrations, manifestOf, registerFormats } from '@liberacces/sdk/host'
import { Header, type types } from 'tar'
import { digestOf } from '../../src/catalogue/archive/digest.ts'
import { evaluateCode } from '../../src/catalogue/archive/evaluate-code.ts'
import { writeArchive } from '../../src/catalogue/archive/write-archive.ts'

/** Files by path. `null` takes one of the sound archive away. */
export type Changes = Readonly<Record<string, string | Uint8Array | null>>

/** Code of a plugin that greets; `more` stands in its declaration, `before` in front of all. */
export function codeOf({ id = 'fr.test.greeter', version = '1.0.0', more = '', before = '' }: { readonly id?: string; readonly version?: string; readonly more?: string; readonly before?: string } = {}): string {
  return `"use strict";${before}
const { definePlugin, Type } = require("@liberacces/sdk");
module.exports = { default: definePlugin()({
  id: "${id}", version: "${version}", path: "greeter", sdk: "*", license: "MIT", title: { fr: "Salut" }, publisher: { name: "Test", contact: "x" },
  runtime: "inline", scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} },
  setup(k) { k.route({ method: "GET", path: "/", audience: "public", summary: "Saluer", response: { 200: Type.Object({ version: Type.String() }) } }, (c) => c.reply(200, { version: "${version}" })) },
  ${more}
}) };
`
}

/** What an archive of that code holds, as the packer makes it, with changes. The digest list follows them unless it is changed itself. */
export async function filesOf(code: string, changes: Changes = {}): Promise<ReadonlyMap<string, Uint8Array>> {
  registerFormats()
  // Of sound code: what is changed afterwards is for the test to say.
  const plugin = await evaluateCode(code, 'plugin.cjs', 1_000)
  const manifest = manifestOf(plugin, collectRegistrations(plugin))
  const sound: Changes = {
    'plugin.cjs': code,
    'plugin.json': JSON.stringify(manifest),
    'package.json': JSON.stringify({ name: 'greeter', version: manifest.version, main: './plugin.cjs', peerDependencies: { '@liberacces/sdk': '*' }, liberacces: { plugin: manifest.id } }),
    'README.md': '# Salut\n',
  }
  const files = new Map(Object.entries({ ...sound, ...changes }).flatMap(([path, content]) => (content === null ? [] : [[path, Buffer.from(content)] as const])))
  if (changes['digests.json'] === undefined) files.set('digests.json', Buffer.from(JSON.stringify(Object.fromEntries([...files].map(([path, content]) => [path, digestOf(content)])))))
  return files
}

/** A sound archive, with changes. */
export async function archiveWith(changes: Changes = {}, code = codeOf()): Promise<Buffer> {
  return writeArchive(await filesOf(code, changes))
}

/** One entry of a tar file made by hand, as no packer would. */
export interface RawEntry {
  readonly path: string
  readonly type?: types.EntryTypeName
  readonly linkpath?: string
  readonly content?: string | Uint8Array
}

/** An archive of just these entries. */
export function rawArchive(entries: readonly RawEntry[]): Buffer {
  return gzipSync(rawTar(entries))
}

/** The same, not compressed. */
export function rawTar(entries: readonly RawEntry[]): Buffer {
  const parts = entries.flatMap(({ path, type = 'File', linkpath, content = '' }) => {
    const body = Buffer.from(content)
    const block = Buffer.alloc(512)
    new Header({ path, type, mode: 0o644, size: body.length, mtime: new Date(0), ...(linkpath === undefined ? {} : { linkpath }) }).encode(block, 0)
    return [block, body, Buffer.alloc((512 - (body.length % 512)) % 512)]
  })
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}
