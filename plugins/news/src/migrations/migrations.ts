import type { Migrations } from '@liberacces/sdk'
import { article } from './0001-article.ts'
import { pinned } from './0002-pinned.ts'

/** All steps of the plugin's tables. One that was released never changes; a new one follows. */
export const migrations = { '0001-article': article, '0002-pinned': pinned } satisfies Migrations
