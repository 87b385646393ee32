import fs from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as sqlite from 'node:sqlite'
import { setFlagsFromString, setHeapSnapshotNearHeapLimit, writeHeapSnapshot } from 'node:v8'
import { attempts, evil } from '../evil-plugin.ts'

const elsewhere = createRequire('/')

/** Leaves something in places of others. The test looks whether anything is there. */
export default evil('writes-files', async (_, { places = [] }) => (await Promise.all(places.map((place) => attempts({
  [`writeFileSync in ${place}`]: () => { fs.writeFileSync(join(place, 'evil-1'), 'evil') },
  [`mkdir in ${place}`]: () => { fs.mkdirSync(join(place, 'evil-2')) },
  [`symlink in ${place}`]: () => { fs.symlinkSync('/etc/passwd', join(place, 'evil-3')) },
  [`mkdtemp in ${place}`]: () => fs.mkdtempSync(join(place, 'evil-4')),
  [`stream in ${place}`]: () => new Promise((resolve, reject) => { fs.createWriteStream(join(place, 'evil-5')).on('error', reject).on('finish', resolve).end('evil') }),
  [`rm in ${place}`]: () => { fs.rmSync(join(place, 'precious')) },
  [`truncate in ${place}`]: () => { fs.truncateSync(join(place, 'precious')) },
  [`chmod in ${place}`]: () => { fs.chmodSync(join(place, 'precious'), 0o777) },
  [`heap snapshot in ${place}`]: () => writeHeapSnapshot(join(place, 'evil-6')),
  [`report in ${place}`]: () => { process.report.directory = place; return process.report.writeReport('evil-7') },
  [`node:sqlite in ${place}`]: () => {
    const { DatabaseSync } = elsewhere('node:sqlite') as typeof sqlite
    new DatabaseSync(join(place, 'evil-8')).exec('create table evil (x)')
  },
  // No error comes of these; what they write is looked for.
  [`snapshots near the limit in ${place}`]: () => { setHeapSnapshotNearHeapLimit(1); throw new Error('nothing to see') },
  [`a trace of V8 in ${place}`]: () => {
    setFlagsFromString(`--logfile=${join(place, 'evil-9')}`)
    setFlagsFromString('--log-all')
    setFlagsFromString(`--redirect-code-traces-to=${join(place, 'evil-10')}`)
    setFlagsFromString('--redirect-code-traces')
    setFlagsFromString(`--trace-turbo-path=${place}`)
    setFlagsFromString('--trace-turbo')
    let sum = 0
    for (let round = 0; round < 2_000_000; round += 1) sum += round % 7
    throw new Error(`nothing to see: ${sum}`)
  },
})))).flat(), { callMs: 20_000 })
