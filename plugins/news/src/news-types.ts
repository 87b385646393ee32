import type { Context, Database, DefinedTypes, PageContext, Registrar, Transaction } from '@liberacces/sdk'
import type fr from '../messages/fr.json'
import type { ArticleDue } from './article-due.ts'
import type { ArticleExpired, ArticlePublished, ArticleWithdrawn } from './contract.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** Names of the permissions. */
type NewsPermission = 'article.read-drafts' | 'article.write' | 'article.publish'
/** Keys of the messages. */
export type NewsMessage = keyof typeof fr
/** What the plugin's declaration fixes; the compiler compares it with the declaration in `plugin.tsx`. */
export type NewsTypes = DefinedTypes<
  Tables, NewsPermission, typeof Settings, NewsMessage,
  readonly [typeof ArticlePublished, typeof ArticleWithdrawn, typeof ArticleExpired, typeof ArticleDue],
  'fr.liberacces.directory/v1', never
>
/** A call into this plugin. */
export type NewsContext = Context<NewsTypes>
/** A page of this plugin. */
export type NewsPage = PageContext<NewsTypes>
/** A transaction on this plugin's tables. */
export type NewsTransaction = Transaction<NewsTypes>
/** This plugin's tables, within a transaction or not. */
export type NewsDatabase = Database<Tables>
/** What `setup` receives. */
export type NewsRegistrar = Registrar<NewsTypes>
