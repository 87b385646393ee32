import { dayInFrench } from '../report/day-in-french.ts'
import { STYLE } from '../report/html-style.ts'
import { escaped, french } from '../report/markup.ts'
import type { Dossier } from './dossier.ts'
import type { RuleResult } from './rules.ts'

/** What each rule asks, as who decides reads it. A test holds that none is missing. */
export const RULES_IN_FRENCH: Readonly<Record<string, string>> = {
  'INT-01': 'L’entreprise existe, et la clé qui signe est la sienne',
  'INT-02': 'Au moins une application labellisée est en service',
  'INT-03': 'Deux personnes nommées ont réussi l’épreuve pratique',
  'INT-04': 'Une collectivité a vérifié l’installation de référence',
  'INT-05': 'L’assistance est promise',
  'INT-06': 'Une faille peut être signalée, et les collectivités sont averties sous 72 heures',
  'INT-07': 'La réversibilité a été répétée',
  'INT-08': 'Aucune suspension ne reste ouverte plus de 30 jours',
  'DEP-01': 'Les échanges sont chiffrés et les pages protégées, vues de l’extérieur',
  'DEP-02': 'Toutes les applications ajoutées portent un label',
  'DEP-03': 'Une sauvegarde a moins de 48 heures',
  'DEP-04': 'Une sauvegarde a été restaurée dans l’année',
  'DEP-05': 'Les mises à jour sont répétées avant d’être faites',
  'DEP-06': 'L’accessibilité est déclarée, et un audit l’appuie',
  'DEP-07': 'Le registre des activités de traitement (article 30) est complet',
  'DEP-08': 'Les agents se connectent par l’annuaire de leur collectivité',
  'DEP-09': 'Quelqu’un est averti quand le service ne répond plus',
}
const STATUSES: Readonly<Record<RuleResult['status'], string>> = { pass: 'Tenu', fail: 'Non tenu', review: 'À examiner' }
const VERDICTS: Readonly<Record<RuleResult['status'], string>> = {
  pass: 'Toutes les règles sont tenues.', fail: 'Une règle au moins n’est pas tenue.', review: 'Rien de contraire n’a été trouvé ; des points restent à examiner par une personne.',
}
const PARTS = [{ prefix: 'INT', title: 'L’entreprise' }, { prefix: 'DEP', title: 'L’installation' }] as const

/** What rules come to together: what is wrong weighs more than what a person has still to look at. */
export function verdictOn(results: readonly RuleResult[]): RuleResult['status'] {
  return (['fail', 'review'] as const).find((status) => results.some((result) => result.status === status)) ?? 'pass'
}

/** A judged dossier as one page of HTML in French: no script, nothing fetched. What was found stands as the rules say it, marked as English. */
export function dossierPage({ company, url, at }: Pick<Dossier, 'company' | 'url' | 'at'>, results: readonly RuleResult[]): string {
  const verdict = verdictOn(results)
  const count = (status: RuleResult['status']): number => results.filter((result) => result.status === status).length
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${french(`Dossier Intégrateur : ${company.name}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="jump" href="#contenu">Aller au contenu</a>
<header><p>LiberAccès, label Intégrateur</p></header>
<main id="contenu">
<h1>${escaped(company.name)} <span>SIREN ${escaped(company.siren)}</span></h1>
<p>${french('Dossier du ')}<time datetime="${escaped(at)}">${escaped(dayInFrench(at))}</time>${french(', sur l’installation ')}<code>${escaped(url)}</code>.</p>
<p class="verdict ${verdict}"><strong>${french(VERDICTS[verdict])}</strong></p>
<p>${french(`Règles : ${results.length} ; tenues : ${count('pass')} ; non tenues : ${count('fail')} ; à examiner : ${count('review')}.`)}</p>
${PARTS.map(({ prefix, title }) => `<section><h2>${french(title)}</h2>\n${results.filter(({ id }) => id.startsWith(prefix)).map(ruleArticle).join('\n')}</section>`).join('\n')}
<section><h2>Ce que ce dossier ne dit pas</h2>
<p>${french('Ce que l’entreprise dit d’elle-même n’est vérifié que là où une personne l’a vu. Ce que l’installation montre vaut pour le jour du dossier.')}</p></section>
</main>
</body>
</html>
`
}

function ruleArticle({ id, title, status, items }: RuleResult): string {
  return `<article>
<h3>${french(`${id} : ${RULES_IN_FRENCH[id] ?? title}`)}</h3>
<p class="rule ${status}"><strong>${STATUSES[status]}</strong></p>
${items.length === 0 ? '' : `<ul lang="en">${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`}
</article>`
}
