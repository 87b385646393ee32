import type { Migrations } from '@liberacces/sdk'
import { service } from './0001-service.ts'
import { person } from './0002-person.ts'
import { mandate } from './0003-mandate.ts'
import { association } from './0004-association.ts'
import { importReport } from './0005-import-report.ts'

/** All steps of the plugin's tables. One that was released never changes; a new one follows. */
export const migrations = {
  '0001-service': service,
  '0002-person': person,
  '0003-mandate': mandate,
  '0004-association': association,
  '0005-import-report': importReport,
} satisfies Migrations
