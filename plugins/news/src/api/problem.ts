import { TextBody } from '@liberacces/sdk'
import type { NewsContext, NewsMessage } from '../news-types.ts'

/** The schema of an answer that is a problem. */
export const Problem = TextBody('application/problem+json')

/**
 * Why a call is refused, as problem details (RFC 9457) in the reader's language.
 * @param code - stable; `detail` is for people
 * @param errors - field name to what is wrong with it
 */
export function problem(c: NewsContext, status: 403 | 409 | 422, code: string, detail: NewsMessage, errors?: Readonly<Record<string, string>>): string {
  return JSON.stringify({ type: 'about:blank', title: c.t('problem.title'), status, code, detail: c.t(detail), errors })
}
