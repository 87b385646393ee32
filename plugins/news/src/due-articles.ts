import type { ReceivedEvent } from '@liberacces/sdk'
import { applyCommand } from './article-commands.ts'
import type { ArticleDue } from './article-due.ts'
import type { NewsContext } from './news-types.ts'

/**
 * Records that a planned date has come. Delivered twice, late, or after the plan has moved, it changes nothing: readers
 * go by the dates in any case.
 */
export async function handleDue(c: NewsContext, { data }: ReceivedEvent<typeof ArticleDue>): Promise<void> {
  // Should someone be changing the article right now, this throws, and the platform delivers again.
  await applyCommand(c, data.id, data.due === 'publication' ? { kind: 'fall-due', at: new Date(data.at) } : { kind: 'expire' })
}
