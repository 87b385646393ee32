import { evil } from '../evil-plugin.ts'
import { frame, head, writeRaw } from '../wire.ts'

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`

/** What is no message, by name. */
const RAW: Readonly<Record<string, () => Buffer>> = {
  noise: () => Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 167 + 13) % 256)),
  'of no length': () => head(0, 0),
  'shorter than it says': () => head(1, 400),
  'no JSON': () => frame('this is no JSON'),
  'null': () => frame('null'),
  'a list': () => frame('[1,2]'),
  'of no kind': () => frame('{"id":1}'),
  'of an unknown kind': () => frame('{"kind":"take-over","id":1}'),
  'of the kind of a prototype': () => frame('{"kind":"constructor","id":1}'),
  'what only the kernel says': () => frame('{"kind":"call","id":1,"target":{"at":"endpoint","index":0},"input":null,"limitMs":1}'),
  'with more than it may have': () => frame('{"kind":"pong","id":1,"tenantId":"another"}'),
  'no UTF-8': () => frame(Buffer.concat([Buffer.from('{"kind":"pong","id":1,"x":"'), Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from('"}')])),
  'a million levels deep': () => frame(`{"kind":"log","call":1,"level":"warn","message":"deep","detail":${deep(1_000_000)}}`),
  'bytes where there are none': () => frame('{"kind":"result","id":1,"value":{"~":"bytes","at":1000000,"length":1000000},"~":1}'),
  'a marked value that is none': () => frame('{"kind":"result","id":1,"value":{"~":"date","value":"x"},"~":1}'),
  'ready once more': () => frame('{"kind":"ready","protocol":1,"description":{}}'),
  'a number of no call': () => frame('{"kind":"result","id":-1,"value":null}'),
}

/** The ways it knows. */
export const MALFORMED = Object.keys(RAW)

/** Says what is no message. */
export default evil('malformed-message', (_, { way }) => {
  const raw = RAW[String(way)]
  if (raw === undefined) throw new Error(`There is no way ${String(way)}.`)
  writeRaw(raw())
  return new Promise(() => undefined)
})
