import type { Migration } from '@liberacces/sdk'

/** Articles and their attachments. */
export const article: Migration = {
  up: async (db) => {
    await db.schema.createTable('article')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('slug', 'text', (column) => column.notNull())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('summary', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('category', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('author_person_id', 'text')
      .addColumn('author_name', 'text')
      .addColumn('author_account_id', 'text')
      .addColumn('image_file_id', 'text')
      .addColumn('image_type', 'text')
      .addColumn('image_size', 'integer')
      .addColumn('image_alt', 'text')
      .addColumn('image_credit', 'text')
      .addColumn('publish_at', 'text')
      .addColumn('published_at', 'text')
      .addColumn('expires_at', 'text')
      .addColumn('first_published_at', 'text')
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('search_text', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('article_slug').on('article').column('slug').unique().execute()
    // The public list, newest first, whole and by category; SQLite and PostgreSQL walk both backwards.
    await db.schema.createIndex('article_published').on('article').columns(['published_at', 'id']).execute()
    await db.schema.createIndex('article_category').on('article').columns(['category', 'published_at', 'id']).execute()
    await db.schema.createIndex('article_status').on('article').columns(['status', 'published_at']).execute()
    await db.schema.createIndex('article_author').on('article').column('author_account_id').execute()

    await db.schema.createTable('attachment')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('article_id', 'text', (column) => column.notNull().references('article.id').onDelete('cascade'))
      .addColumn('file_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('size', 'integer', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('attachment_article').on('attachment').columns(['article_id', 'position']).execute()
  },
  down: async (db) => {
    await db.schema.dropTable('attachment').execute()
    await db.schema.dropTable('article').execute()
  },
}
