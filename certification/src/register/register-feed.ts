import { GRADES_IN_FRENCH } from '../label/grades-in-french.ts'
import { escaped } from '../report/markup.ts'
import type { RegisterEntry } from './register-entry.ts'
import type { RegisterFacts } from './register-page.ts'
import { nameOf, STATES_IN_FRENCH } from './register-words.ts'

interface News { readonly id: string; readonly at: string; readonly title: string; readonly href: string }

/** What happened, as an Atom feed: every label that was given and every change, newest first. */
export function registerFeed(entries: readonly RegisterEntry[], { name, issued }: RegisterFacts, certifier: string): string {
  const news: readonly News[] = entries.flatMap((entry): readonly News[] => [
    { id: `${certifier}/labels/${entry.idx}`, at: entry.notBefore, title: `${nameOf(entry)} ${entry.version} reçoit le label, niveau ${GRADES_IN_FRENCH[entry.grade]}`, href: `applications/${entry.id}.html` },
    ...entry.changes.map((change, number) => ({ id: `${certifier}/labels/${entry.idx}#${number}`, at: change.at, title: `${nameOf(entry)} ${entry.version} : label ${STATES_IN_FRENCH[change.state]}`, href: `applications/${entry.id}.html` })),
  ]).toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, MOST_NEWS)
  const items = news.map(({ id, at, title, href }) => `<entry><id>${escaped(id)}</id><title>${escaped(title)}</title><updated>${at}</updated><link href="${escaped(href)}"/></entry>`)
  return `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><id>${escaped(`${certifier}/register`)}</id><title>Registre des applications compatibles</title><updated>${issued}</updated><author><name>${escaped(name)}</name></author>\n${items.join('\n')}\n</feed>\n`
}

const MOST_NEWS = 200
