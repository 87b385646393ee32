import { testEnvironment } from '@liberacces/core'
import { onTestFinished } from 'vitest'

/** Whether the database that the run asks for is PostgreSQL: where the two have different things to show. */
export const onPostgres: boolean = process.env['LIBERACCES_TEST_DATABASE'] === 'postgres'

/** What a platform on a data folder is told, to be on the database that the run asks for: the same again for the same folder, until the test is over. */
export function runEnvironment(folder: string): ReturnType<typeof testEnvironment> {
  return testEnvironment(folder, onTestFinished)
}
