import type { NewsContext } from '../news-types.ts'
import type { ArticleCard } from '../public-articles.ts'
import { Card, CardList, Time } from '@liberacces/sdk/ui'
import { imagePath } from '../file-paths.ts'
import { PinnedBadge } from './pinned-badge.tsx'

interface ArticleCardsProps {
  readonly c: NewsContext
  readonly articles: readonly ArticleCard[]
  /** Level of the cards' headings. */
  readonly level: 2 | 3
}

/** Articles side by side, each with its picture, date and subject. */
export function ArticleCards({ c, articles, level }: ArticleCardsProps) {
  return (
    <CardList>
      {articles.map((article) => (
        <Card
          key={article.id}
          title={article.title}
          href={c.url(`/articles/${article.slug}`)}
          level={level}
          {...(article.image_file_id === null ? {} : { image: { src: c.url(imagePath(article.id, article.image_file_id)), alt: article.image_alt ?? '' } })}
          meta={<><PinnedBadge c={c} article={article} />{article.published_at !== null && <Time date={article.published_at} />} · {c.t(`field.category.${article.category}`)}</>}
        >
          <p>{article.summary}</p>
        </Card>
      ))}
    </CardList>
  )
}
