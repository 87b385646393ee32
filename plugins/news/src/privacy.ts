import type { Privacy } from '@liberacces/sdk'
import type { NewsContext } from './news-types.ts'
import type { Tables } from './tables.ts'

/** What the news hold about people: who wrote what. */
export const privacy = {
  stores: [{
    table: 'article',
    subject: 'author_account_id',
    purpose: { fr: 'Publication des actualités de la collectivité et attribution à leur auteur', en: 'Publishing the news of the local authority, with their author' },
    basis: 'public-task',
    retentionDays: null,
  }],
  export: async (c, subject) => {
    const articles = await c.db.selectFrom('article')
      .select(['id', 'title', 'summary', 'body', 'status', 'author_name', 'created_at', 'updated_at', 'published_at', 'expires_at', 'image_alt', 'image_credit', 'image_file_id'])
      .where('author_account_id', '=', subject.id).orderBy('created_at').orderBy('id').execute()
    return {
      data: { articles: articles.map(({ image_file_id: _image, ...article }) => article) },
      files: [...new Set(articles.flatMap(({ image_file_id: image }) => image ?? []))],
    }
  },
  erase: async (c, subject) => {
    const { numUpdatedRows } = await c.db.updateTable('article')
      .set({ author_account_id: null, author_person_id: null, author_name: null })
      .where('author_account_id', '=', subject.id).executeTakeFirstOrThrow()
    return {
      erased: Number(numUpdatedRows),
      ...(numUpdatedRows === 0n ? {} : {
        kept: [{
          what: { fr: 'Le texte des articles, désormais attribués à la collectivité', en: 'The text of the articles, now attributed to the local authority' },
          because: {
            fr: 'Les articles d’une collectivité sont des archives publiques (code du patrimoine, art. L. 211-1 et L. 211-4)\u00a0; le droit à l’effacement ne s’y applique pas (RGPD, art. 17, 3, d).',
            en: 'The articles of a local authority are public archives (code du patrimoine, art. L. 211-1 and L. 211-4); the right to erasure does not apply to them (GDPR, art. 17(3)(d)).',
          },
        }],
      }),
    }
  },
} satisfies Privacy<Tables, NewsContext>
