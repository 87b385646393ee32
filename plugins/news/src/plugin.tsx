import { definePlugin } from '@liberacces/sdk'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { registerAgentRoutes } from './api/agent-routes.ts'
import { registerPublicRoutes } from './api/public-routes.ts'
import { ArticleDue } from './article-due.ts'
import { ArticleExpired, ArticlePublished, ArticleWithdrawn } from './contract.ts'
import { fillDemo } from './demo/fill-demo.ts'
import { handleDue } from './due-articles.ts'
import { registerFeed } from './feed-route.ts'
import { registerFiles } from './file-routes.ts'
import { migrations } from './migrations/migrations.ts'
import { registerAgentArticle } from './pages/agent-article.tsx'
import { registerAgentList } from './pages/agent-list.tsx'
import { registerArticleActions } from './pages/article-actions.ts'
import { registerArticleForms } from './pages/article-form.ts'
import { registerAttachmentForm } from './pages/attachment-form.ts'
import { contributeToBureau } from './pages/bureau-tile.tsx'
import { contributeToGuichet } from './pages/home-block.tsx'
import { registerPublicArticle } from './pages/public-article.tsx'
import { registerPublicList } from './pages/public-list.tsx'
import { privacy } from './privacy.ts'
import { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** The news of a collectivité: written and planned by agents, read by everyone, and followed by feed, events and API. */
export default definePlugin<Tables>()({
  id: 'fr.liberacces.news',
  version: '1.1.0',
  path: 'actualites',
  sdk: '^0.1.0',
  license: 'GPL-3.0-or-later OR CECILL-2.1',
  title: { fr: 'Actualités', en: 'News' },
  description: {
    fr: 'Rédiger, programmer et publier les actualités de la collectivité, avec images, pièces jointes et fil Atom.',
    en: 'Write, schedule and publish the news of the local authority, with images, attachments and an Atom feed.',
  },
  publisher: { name: 'LiberAccès', contact: 'https://liberacces.example' },
  runtime: 'inline',
  scopes: ['db', 'files'],
  requires: { 'fr.liberacces.directory/v1': '*' },
  settings: Settings,
  roles: { 'agent.communication': { fr: 'Chargé de communication', en: 'Communication officer' } },
  permissions: {
    'article.read-drafts': { title: { fr: 'Consulter tous les articles, même non publiés', en: 'Read all articles, published or not' }, roles: ['agent', 'tenant-admin'] },
    'article.write': { title: { fr: 'Rédiger et modifier des articles', en: 'Write and change articles' }, roles: ['agent', 'tenant-admin'] },
    'article.publish': { title: { fr: 'Publier, programmer, retirer et archiver des articles', en: 'Publish, schedule, withdraw and archive articles' }, roles: ['agent', 'agent.communication', 'tenant-admin'] },
  },
  migrations,
  emits: [ArticlePublished, ArticleWithdrawn, ArticleExpired, ArticleDue],
  privacy,
  messages: { fr, en },
  demo: fillDemo,
  setup(k) {
    registerPublicList(k)
    registerPublicArticle(k)
    registerFeed(k)
    registerFiles(k)
    registerAgentList(k)
    registerArticleForms(k)
    registerAgentArticle(k)
    registerAttachmentForm(k)
    registerArticleActions(k)
    registerPublicRoutes(k)
    registerAgentRoutes(k)
    contributeToGuichet(k)
    contributeToBureau(k)
    k.on(ArticleDue, handleDue)
  },
})
