import { digestOf, evaluateCode, writeArchive } from '@liberacces/core'
import { collectRegistrations, manifestOf } from '@liberacces/sdk/host'
import type { IssuedLabel } from '../../src/label/issue-label.ts'
import { labelled, reportOn, type Certifier } from './label-kit.ts'

export const GREETER_ID = 'fr.test.greeter'

/** An archive of a small plugin. */
export async function greeterArchive(version: string): Promise<Buffer> {
  const code = `"use strict";
const { definePlugin, Type } = require("@liberacces/sdk");
module.exports = { default: definePlugin()({
  id: "${GREETER_ID}", version: "${version}", path: "greeter", sdk: "*", license: "MIT", title: { fr: "Salut" }, publisher: { name: "Test", contact: "x" },
  runtime: "inline", scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} },
  setup(k) { k.route({ method: "GET", path: "/", audience: "public", summary: "Saluer", response: { 200: Type.Object({ version: Type.String() }) } }, (c) => c.reply(200, { version: "${version}" })) },
}) };
`
  const plugin = await evaluateCode(code, 'plugin.cjs', 1_000)
  const files = new Map(Object.entries({
    'plugin.cjs': code, 'plugin.json': JSON.stringify(manifestOf(plugin, collectRegistrations(plugin))), 'README.md': '# Salut\n',
    'package.json': JSON.stringify({ name: 'greeter', version, main: './plugin.cjs', peerDependencies: { '@liberacces/sdk': '*' }, liberacces: { plugin: GREETER_ID } }),
  }).map(([path, content]) => [path, Buffer.from(content)] as const))
  files.set('digests.json', Buffer.from(JSON.stringify(Object.fromEntries([...files].map(([path, content]) => [path, digestOf(content)])))))
  return writeArchive(files)
}

/** Its label, as of that moment. */
export function labelledGreeter(ours: Certifier, archive: Buffer, version: string, now: number): IssuedLabel {
  return labelled(ours, { archive, now, report: reportOn(archive, { plugin: { id: GREETER_ID, version, digest: digestOf(archive) } }) })
}
