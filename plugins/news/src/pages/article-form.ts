import { Choice, LongText, Type, Upload, type FileRef, type Static } from '@liberacces/sdk'
import { CATEGORIES, checkContent, LIMITS, type CheckedContent } from '../article-content.ts'
import { acceptedFile, forgetFiles } from '../article-files.ts'
import { createArticle, editArticle } from '../article-writing.ts'
import { IMAGE_TYPES, MAX_IMAGE_BYTES } from '../attachment.ts'
import type { NewsContext, NewsRegistrar } from '../news-types.ts'
import { articleById } from '../public-articles.ts'
import { articleRefusal } from '../refusal-message.ts'
import { articlePath, refusedPath } from './article-actions.ts'

const Fields = Type.Object({
  title: Type.String({ minLength: 1, maxLength: LIMITS.title }),
  category: Choice(CATEGORIES),
  summary: LongText({ minLength: 1, maxLength: LIMITS.summary }),
  body: LongText({ minLength: 1, maxLength: LIMITS.body }),
  image: Type.Optional(Upload({ accept: IMAGE_TYPES, maxBytes: MAX_IMAGE_BYTES })),
  imageAlt: Type.Optional(Type.String({ maxLength: LIMITS.imageAlt })),
  imageCredit: Type.Optional(Type.String({ maxLength: LIMITS.imageCredit })),
  publishAt: Type.Optional(Type.String({ format: 'date-time' })),
  expiresAt: Type.Optional(Type.String({ format: 'date-time' })),
  pinnedUntil: Type.Optional(Type.String({ format: 'date-time' })),
})

/** The version that the person saw goes along, so that two people who edit at once do not undo each other. */
const EditFields = Type.Object({ ...Fields.properties, version: Type.Integer({ 'minimum': 1, 'x-widget': 'hidden' }) })

/** The forms that write and change an article. */
export function registerArticleForms(k: NewsRegistrar): void {
  k.form({
    path: '/gestion/nouveau', audience: 'agent', permission: 'article.write', schema: Fields, title: 'page.new', intro: 'page.new.intro', submit: 'action.save-draft',
  }, async (c, data) => {
    const image = await acceptedImage(c, data.image)
    if (image === 'unusable') return c.invalid({ image: c.t('error.file-unusable') })
    const checked = checkContent({ ...data, hasImage: image !== undefined })
    if (!checked.ok) return c.invalid(sentences(c, checked))
    // A browser does not send a picture again after an error elsewhere: better to ask than to lose it.
    if (image === undefined && (data.imageAlt ?? '').trim() !== '') return c.invalid({ image: c.t('error.image-missing') })
    const article = await createArticle(c, checked.content, image)
    return c.redirect(articlePath(article.id), 'notice.saved')
  })

  k.form({
    path: '/gestion/articles/:id/modifier', audience: 'agent', permission: 'article.write', schema: EditFields, title: 'page.edit', intro: 'page.edit.intro',
  }, async (c, data, { params }) => {
    const id = params['id'] ?? ''
    const image = await acceptedImage(c, data.image)
    if (image === 'unusable') return c.invalid({ image: c.t('error.file-unusable') })
    const checked = checkContent({ ...data, hasImage: image !== undefined })
    if (!checked.ok) return c.invalid(sentences(c, checked))
    // A browser does not send a picture again after an error elsewhere: better to ask than to lose it.
    const hadImage = ((await articleById(c.db, id))?.image_file_id ?? null) !== null
    if (image === undefined && !hadImage && (data.imageAlt ?? '').trim() !== '') return c.invalid({ image: c.t('error.image-missing') })
    const result = await editArticle(c, id, data.version, checked.content, image)
    if (result === undefined) return c.notFound()
    if (result.ok) return c.redirect(articlePath(id), 'notice.saved')
    // No change of the form can cure this one, so it is said on the article's page.
    if (result.reason === 'publish-right' || result.reason === 'archived') {
      await forgetFiles(c, [image?.id ?? null])
      return c.redirect(refusedPath(id, result.reason))
    }
    return c.invalid({ [result.field]: c.t(articleRefusal(result.reason)) })
  }, async (c, { params }) => {
    const article = await articleById(c.db, params['id'] ?? '')
    return article === undefined ? undefined : initialFields(c, article)
  })
}

type Article = NonNullable<Awaited<ReturnType<typeof articleById>>>

async function initialFields(c: NewsContext, article: Article): Promise<Partial<Static<typeof EditFields>>> {
  const image = article.image_file_id === null ? undefined : await acceptedFile(c, { id: article.image_file_id }, IMAGE_TYPES)
  // A scheduled article shows the date it is scheduled for.
  const publishAt = article.status === 'scheduled' ? article.published_at : article.publish_at
  return {
    title: article.title,
    category: article.category,
    summary: article.summary,
    body: article.body,
    version: article.version,
    ...(image === undefined ? {} : { image }),
    ...(article.image_alt === null ? {} : { imageAlt: article.image_alt }),
    ...(article.image_credit === null ? {} : { imageCredit: article.image_credit }),
    ...(publishAt === null ? {} : { publishAt }),
    ...(article.expires_at === null ? {} : { expiresAt: article.expires_at }),
    ...(article.pinned_until === null ? {} : { pinnedUntil: article.pinned_until }),
  }
}

async function acceptedImage(c: NewsContext, image: FileRef | undefined): Promise<FileRef | undefined | 'unusable'> {
  return image === undefined ? undefined : ((await acceptedFile(c, image, IMAGE_TYPES)) ?? 'unusable')
}

function sentences(c: NewsContext, checked: Extract<CheckedContent, { ok: false }>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(checked.problems).map(([field, what]) => [field, c.t(`error.${what}`)]))
}
