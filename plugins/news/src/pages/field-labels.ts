import type { FieldLabels } from '@liberacces/sdk/ui'
import fr from '../../messages/fr.json' with { type: 'json' }
import type { NewsContext, NewsMessage } from '../news-types.ts'

/** Labels for a form shown inside a page of ours. */
export function fieldLabels(c: NewsContext): FieldLabels {
  return (key) => (isMessage(key) ? c.t(key) : undefined)
}

function isMessage(key: string): key is NewsMessage {
  return Object.hasOwn(fr, key)
}
