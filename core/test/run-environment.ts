import { onTestFinished } from 'vitest'
import { testEnvironment } from '../src/testing/test-environment.ts'

/** Whether the database that the run asks for is PostgreSQL: where the two have different things to show. */
export const onPostgres: boolean = process.env['LIBERACCES_TEST_DATABASE'] === 'postgres'

/** What a platform on a data folder is told, to be on the database that the run asks for: the same again for the same folder, until the test is over. */
export function runEnvironment(folder: string): ReturnType<typeof testEnvironment> {
  return testEnvironment(folder, onTestFinished)
}

/** The same for a command line, by the folder that it names. */
export async function commandEnvironment(args: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const folder = args[args.indexOf('--data') + 1]
  if (!args.includes('--data') || folder === undefined || folder.startsWith('-')) return {}
  const { LIBERACCES_DATABASE_URL: url } = await runEnvironment(folder)
  return url === undefined ? {} : { LIBERACCES_DATABASE_URL: url }
}
