import type { Config } from '../../config.ts'
import { showS3Address } from '../../storage/files/s3/s3-address.ts'
import { notedPlace, openBucket } from '../../storage/open-blobs.ts'
import { failureOf } from '../failure.ts'
import type { Finding } from './finding.ts'

const ID = 'files'

/** Whether files lie where the platform is told to look, and whether it may read and write there. */
export async function examineFiles({ files, dataFolder }: Pick<Config, 'files' | 'dataFolder'>): Promise<readonly Finding[]> {
  const noted = await notedPlace(dataFolder)
  const told = files === undefined ? undefined : showS3Address(files)
  if (noted !== undefined && noted !== told) {
    return [{ id: ID, status: 'broken', what: `files lie at ${noted}, and the platform is told to look ${told === undefined ? 'in the data folder' : `at ${told}`}`, fix: 'Set LIBERACCES_FILES to where they lie, or move them with `liberacces migrate-files`.' }]
  }
  if (files === undefined) return [{ id: ID, status: 'ok', what: 'in the data folder' }]
  try {
    await openBucket(files, () => '')
    return [{ id: ID, status: 'ok', what: `at ${told}, which can be listed, written and deleted in` }]
  } catch (error) {
    const { message, fix } = failureOf(error)
    return [{ id: ID, status: 'broken', what: message, fix }]
  }
}
