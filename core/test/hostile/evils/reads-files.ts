import fs, { createReadStream, openAsBlob, promises, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'
import type * as sqlite from 'node:sqlite'
import { attempts, evil } from '../evil-plugin.ts'

const { readFile } = promises
const elsewhere = createRequire('/')

/** Reads files that are none of its business, in each way that Node has. */
export default evil('reads-files', async (_, { files = [] }) => (await Promise.all(files.map((path) => attempts({
  [`readFileSync ${path}`]: () => readFileSync(path, 'latin1'),
  [`readFile ${path}`]: async () => readFile(path, 'latin1'),
  [`a file URL ${path}`]: () => readFileSync(new URL(`file://${path}`), 'latin1'),
  [`a path that goes around ${path}`]: () => readFileSync(`${process.cwd()}/../../../../../../../../..${path}`, 'latin1'),
  [`bytes as a path ${path}`]: () => readFileSync(Buffer.from(path), 'latin1'),
  [`createReadStream ${path}`]: async () => text(createReadStream(path)),
  [`openAsBlob ${path}`]: async () => (await openAsBlob(path)).text(),
  [`open ${path}`]: () => fs.readSync(fs.openSync(path, 'r'), Buffer.alloc(10)),
  [`readdir ${path}`]: () => fs.readdirSync(`${path}/..`),
  [`watch ${path}`]: () => { fs.watch(path).close(); return 'watched' },
  [`fetch ${path}`]: async () => (await fetch(`file://${path}`)).text(),
  [`require ${path}`]: () => elsewhere(path) as unknown,
  [`import ${path}`]: async () => import(path),
  [`loadEnvFile ${path}`]: () => { process.loadEnvFile(path); return JSON.stringify(process.env) },
  [`node:sqlite ${path}`]: async () => {
    const { DatabaseSync } = elsewhere('node:sqlite') as typeof sqlite
    return new DatabaseSync(path, { readOnly: true }).prepare('select name from sqlite_master').all()
  },
  [`attached by node:sqlite ${path}`]: async () => {
    const { DatabaseSync } = elsewhere('node:sqlite') as typeof sqlite
    const database = new DatabaseSync(':memory:')
    database.exec(`attach '${path}' as other`)
    return database.prepare('select name from other.sqlite_master').all()
  },
})))).flat(), { callMs: 20_000 })
