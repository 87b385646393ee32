import { testDatabase } from './test-database.ts'

/** Where it is remembered which database stands for which data folder, so that processes that a test starts find it too. */
const KNOWN = 'LIBERACCES_TEST_DATABASES'

/**
 * What a platform of a test is told about its data: the folder, and where the tests run on PostgreSQL a database that stands for it. Asked again for
 * the same folder, here or in a process that was started since, it is the same: a platform that is opened anew finds what the one before has written.
 * @param atEnd - is given what takes the database away
 */
export async function testEnvironment(folder: string, atEnd: (drop: () => Promise<void>) => void): Promise<Readonly<Record<'LIBERACCES_DATA', string>> & { readonly LIBERACCES_DATABASE_URL?: string }> {
  const known = databases()[folder]
  if (known !== undefined) return { LIBERACCES_DATA: folder, LIBERACCES_DATABASE_URL: known }
  const made = await testDatabase()
  if (made === undefined) return { LIBERACCES_DATA: folder }
  remember({ ...databases(), [folder]: made.url })
  atEnd(async () => {
    const { [folder]: _gone, ...others } = databases()
    remember(others)
    await made.drop()
  })
  return { LIBERACCES_DATA: folder, LIBERACCES_DATABASE_URL: made.url }
}

function databases(): Readonly<Record<string, string>> {
  return JSON.parse(process.env[KNOWN] ?? '{}') as Record<string, string>
}

function remember(all: Readonly<Record<string, string>>): void {
  process.env[KNOWN] = JSON.stringify(all)
}
