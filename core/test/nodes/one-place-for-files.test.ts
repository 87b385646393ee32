import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { shareDisk } from '../../src/testing/one-disk.ts'
import { said } from '../cli/spoken.ts'
import { s3Place, useS3Service } from '../files/s3-service.ts'
import { openPlace } from '../leaving/leaving-kit.ts'
import { databaseOfTest, postgresStorage } from '../storage/postgres-database.ts'
import { temporaryFolder } from '../storage/temporary-storage.ts'
import { liveOn, TIMES } from './node-kit.ts'

const { address } = useS3Service()

async function together(): Promise<{ readonly env: Readonly<Record<string, string>> }> {
  const secret = join(temporaryFolder(), 'secret.txt')
  writeFileSync(secret, randomBytes(32).toString('hex'))
  return { env: { LIBERACCES_DATABASE_URL: await databaseOfTest(), LIBERACCES_SECRET_FILE: secret } }
}

/** A prefix in the bucket, with what the platform is given for it. */
function bucket(): { readonly place: string; readonly env: Readonly<Record<string, string>>; readonly secret: string } {
  const at = address()
  const place = `s3://${at.bucket}/${at.prefix.slice(0, -1)}`
  s3Place(at)
  return { place, secret: at.secretAccessKey, env: { LIBERACCES_FILES: place, AWS_ENDPOINT_URL: at.endpoint, AWS_REGION: at.region, AWS_ACCESS_KEY_ID: at.accessKeyId, AWS_SECRET_ACCESS_KEY: at.secretAccessKey } }
}

test('[M40] a node whose files lie elsewhere than those of the others does not start, and says where they lie and what to set, without keys', { timeout: 60_000 }, async () => {
  const { env } = await together()
  const [here, there] = [bucket(), bucket()]
  const first = await openPlace({ env: { ...env, ...here.env } })
  const refused = await openPlace({ env: { ...env, ...there.env } }).then(() => undefined, (error: unknown) => error as Error & { readonly code: string; readonly fix: string })
  expect(refused).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(/^LIBERACCES_FILES: .* \(process \d+\)/) as string, fix: expect.stringContaining('LIBERACCES_FILES=s3://') as string })
  expect(refused?.message).toContain(`${here.place} at`)
  expect(refused?.message).toContain(`${there.place} at`)
  for (const secret of [here.secret, env['LIBERACCES_DATABASE_URL'] ?? '']) expect(`${refused?.message} ${refused?.fix} ${refused?.stack}`).not.toContain(secret)
  await expect(openPlace({ env })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('the disk of') as string })
  await (await openPlace({ env: { ...env, ...here.env } })).stop()
  // The first was not disturbed by any of them.
  expect(await first.platform.nodes()).toHaveLength(1)
})

test('[M40] nodes that keep files each on a disk of its own do not start together; on one disk, or anew on the same, they do', { timeout: 60_000 }, async () => {
  const { env } = await together()
  const [one, two] = [temporaryFolder(), temporaryFolder()]
  for (const folder of [one, two]) shareDisk(folder, join(one, 'shared'))
  const first = await openPlace({ env, folder: one })
  await expect(openPlace({ env })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('LIBERACCES_FILES') as string })
  await (await openPlace({ env, folder: two })).stop()
  await first.stop()
  await (await openPlace({ env, folder: one })).stop()
})

test('[M40] a node that was killed keeps nobody out who was told something else', async () => {
  const url = await databaseOfTest()
  const storage = await postgresStorage({ url })
  const { platform } = storage
  const dead = { id: 'dead', started_at: Date.now(), beat_at: Date.now(), lock_key: 1, host: 'elsewhere', pid: 1, version: '0', port: null, skew_ms: 0, marks_json: '{"LIBERACCES_FILES":"a"}' }
  await platform.insertInto('node').values(dead).execute()
  // Written by an older release, which said nothing of files.
  const { life } = await liveOn(url, { marks: { LIBERACCES_BASE_DOMAIN: 'x' } })
  const other = await liveOn(url, { marks: { LIBERACCES_FILES: 'b' }, times: { ...TIMES, silentMs: 1_000 } })
  expect(other.life.isSure).toBe(true)
  await life.end()
})

test('[M41] files are not moved while another node runs', { timeout: 60_000 }, async () => {
  const { env } = await together()
  const [one, two] = [temporaryFolder(), temporaryFolder()]
  for (const folder of [one, two]) shareDisk(folder, join(one, 'shared'))
  const first = await openPlace({ env, folder: one })
  const target = bucket()
  const move = (...more: readonly string[]) => said(['migrate-files', '--to', target.place, '--data', two, ...more], { env: { ...env, ...target.env, LIBERACCES_FILES: '' } })
  expect(await move()).toMatchObject({ exit: 1, err: expect.stringContaining('Stop every node') as string })
  expect(await move('--dry-run')).toMatchObject({ exit: 0 })
  await first.stop()
  expect(await move()).toMatchObject({ exit: 0 })
})
