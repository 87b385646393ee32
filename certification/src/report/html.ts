import type { CheckText } from '../harness/catalogue.ts'
import type { Category, Level } from '../harness/check.ts'
import type { CheckRow, Report, Verdict } from '../harness/report.ts'
import { GRADES_IN_FRENCH } from '../label/grades-in-french.ts'
import { dayInFrench } from './day-in-french.ts'
import { STYLE } from './html-style.ts'
import { escaped, french } from './markup.ts'
import { skippedInFrench } from './skipped-in-french.ts'

const LEVEL_NAMES: Readonly<Record<Level | 'none', string>> = { ...GRADES_IN_FRENCH, none: 'aucun' }
const STATUSES: Readonly<Record<CheckRow['status'], string>> = { pass: 'Conforme', fail: 'Non conforme', skip: 'Sans objet', error: 'Non vérifié', review: 'À examiner' }
const TOPICS: readonly { readonly title: string; readonly of: readonly Category[] }[] = [
  { title: 'Protection des données et cloisonnement', of: ['TEN', 'CAP', 'GDP'] },
  { title: 'Sécurité', of: ['SEC'] },
  { title: 'Accessibilité et langue', of: ['A11Y', 'I18N', 'UX'] },
  { title: 'Fiabilité', of: ['LIF', 'EVT', 'API', 'PRF'] },
  { title: 'Paquet, licence et documentation', of: ['MAN', 'LIC', 'OPS', 'DOC'] },
]

/**
 * The report as one page of HTML in French, for a mayor to read and a developer to act on: no script, nothing fetched. What is for developers is marked as English.
 */
export function htmlReport(report: Report, checks: readonly CheckText[]): string {
  const { plugin, grade, seed, catalogue, platform, troubles, waivers, inline } = report
  const wrong = report.checks.filter(({ status, spared }) => status === 'fail' && spared === undefined)
  const open = report.checks.filter(({ status }) => status === 'review')
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`Rapport de certification\u00a0: ${titleOf(report)} ${plugin.version}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="jump" href="#contenu">Aller au contenu</a>
<header><p>LiberAccès, rapport de certification</p></header>
<main id="contenu">
<h1>${escaped(titleOf(report))} <span>version ${escaped(plugin.version)}</span></h1>
<p>${plugin.publisher === undefined ? '' : `Éditeur&nbsp;: ${escaped(plugin.publisher)}. `}Identifiant&nbsp;: <code>${escaped(plugin.id)}</code>. Rapport du <time datetime="${escaped(report.date)}">${escaped(dayInFrench(report.date))}</time>.</p>
<p class="verdict ${report.verdict}"><strong>${french(verdictSentence(report))}</strong></p>
${summary(report)}
${inline === true ? '<p>L’application a été exécutée dans le processus du banc d’essai, hors de tout cloisonnement&nbsp;: ce rapport vaut la confiance qu’on a dans son code.</p>' : ''}
${troubles.length === 0 ? '' : `<section><h2>Ce que le banc d’essai n’a pas pu faire</h2><ul lang="en">${troubles.map(({ message, fix }) => `<li>${escaped(message)} ${escaped(fix)}</li>`).join('')}</ul></section>`}
<section><h2>Par sujet</h2>
${table('Résultats par sujet', COLUMNS_OF_TOPICS, TOPICS.map((topic) => topicRow(topic, report.checks)))}</section>
<section><h2>Ce qui n’est pas conforme</h2>${wrong.length === 0 ? '<p>Rien.</p>' : wrong.map((row) => failure(row, checks)).join('\n')}</section>
${open.length === 0 ? '' : `<section><h2>Ce qui reste à examiner</h2>${open.map((row) => toExamine(row, checks)).join('\n')}</section>`}
${waivers.length === 0 ? '' : `<section><h2>Dérogations</h2><ul>${waivers.map(({ check, reason, expires, signer }) => `<li>${escaped(check)}, jusqu’au <time datetime="${escaped(expires)}">${escaped(dayInFrench(expires))}</time>, par ${escaped(signer)}&nbsp;: ${escaped(reason)}</li>`).join('')}</ul></section>`}
<section><h2>Tous les contrôles</h2>
${table('Contrôles, dans l’ordre du catalogue', COLUMNS_OF_CHECKS, report.checks.map((row) => checkRow(row, checks)))}</section>
<section><h2>Ce que ce rapport ne dit pas</h2>
<p>Un contrôle automatique ne vérifie au mieux que 33 des 106 critères du RGAA&nbsp;: ce rapport ne vaut pas déclaration de conformité. Le reste demande l’examen d’une personne, dont la grille signée accompagne le label.</p>
<p>Le rapport porte sur l’archive dont l’empreinte est ci-dessous, et sur elle seule. Il dit ce qui a été essayé, non que l’application est sans défaut.</p></section>
</main>
<footer><dl>
<dt>Empreinte de l’archive</dt><dd><code>${escaped(plugin.digest)}</code></dd>
<dt>Niveau demandé</dt><dd>${LEVEL_NAMES[grade]}</dd>
<dt>Plateforme</dt><dd>${escaped(platform)}</dd>
<dt>Catalogue de contrôles</dt><dd>${escaped(catalogue.version)} <code>${escaped(catalogue.digest)}</code></dd>
<dt>Banc d’essai</dt><dd>${escaped(report.harness.version)} <code>${escaped(report.harness.digest)}</code></dd>
<dt>Graine des essais</dt><dd>${seed}</dd>
${report.inputs.map(({ name, digest }) => `<dt>Donné par --${escaped(name)}</dt><dd><code>${escaped(digest)}</code></dd>\n`).join('')}</dl></footer>
</body>
</html>
`
}

function verdictSentence({ verdict, grade, reached, only }: Report): string {
  const texts: Readonly<Record<Verdict, string>> = {
    pass: `Conforme au niveau ${LEVEL_NAMES[grade]}.`,
    fail: `Non conforme au niveau ${LEVEL_NAMES[grade]}.`,
    review: `Rien de contraire au niveau ${LEVEL_NAMES[grade]} n’a été trouvé ; des points restent à examiner par une personne.`,
    error: 'Sans verdict : le banc d’essai n’a pas pu tout vérifier.',
  }
  return `${texts[verdict]}${only === undefined && verdict !== 'error' ? ` Niveau atteint : ${LEVEL_NAMES[reached]}.` : ''}${only === undefined ? '' : ' Seule une partie des contrôles a été demandée.'}`
}

function summary({ checks }: Report): string {
  const count = (status: CheckRow['status']): number => checks.filter((row) => row.status === status).length
  const unopened = checks.filter((row) => row.unopened === true).length
  const parts = [`Contrôles : ${checks.length}`, `conformes : ${count('pass')}`, `non conformes : ${count('fail')}`, `à examiner : ${count('review')}`, `sans objet : ${count('skip') - unopened}`, `non vérifiés : ${count('error') + unopened}`]
  return `<p>${french(parts.join(' ; '))}.</p>`
}

function topicRow({ title, of }: (typeof TOPICS)[number], rows: readonly CheckRow[]): string {
  const own = rows.filter(({ id }) => (of as readonly string[]).includes(id.split('-')[0] ?? ''))
  const count = (...statuses: readonly CheckRow['status'][]): number => own.filter(({ status }) => statuses.includes(status)).length
  return [`<th scope="row" role="rowheader">${title}</th>`, ...[count('pass'), count('fail'), count('review'), count('skip', 'error')].map((of, index) => cell(COLUMNS_OF_TOPICS, index + 1, String(of)))].join('')
}

function failure(row: CheckRow, checks: readonly CheckText[]): string {
  const check = checks.find(({ id }) => id === row.id)
  const where = ({ file, line }: (typeof row.findings)[number]): string => (file === undefined ? '' : `<code>${escaped(file)}${line === undefined ? '' : `:${line}`}</code> `)
  return `<article>
<h3>${french(`${row.id} : ${check?.title.fr ?? row.title}`)}</h3>
<p>${french(check?.rationale.fr ?? '')}</p>
<p>${french(weightOf(row))}</p>
<div lang="en"><h4>For the developer</h4>
<ul>${row.findings.map((finding) => `<li>${where(finding)}${escaped(finding.message)}${finding.evidence.length === 0 ? '' : `<pre tabindex="0">${escaped(finding.evidence.join('\n'))}</pre>`}<p>Fix: ${escaped(finding.fix)}</p></li>`).join('')}</ul>
<p>See it again: <code>${escaped(row.replay)}</code></p></div>
</article>`
}

function weightOf({ blocks, level, forLabel }: CheckRow): string {
  if (blocks) return 'Empêche le niveau demandé.'
  return forLabel === true ? 'N’empêche pas le niveau demandé ; mais aucun label n’est délivré tant que ce n’est pas corrigé.' : `N’empêche pas le niveau demandé ; exigé au niveau ${LEVEL_NAMES[level]}.`
}

/** What no program can decide: evidence of a review is what a person has to look at. */
function toExamine(row: CheckRow, checks: readonly CheckText[]): string {
  const check = checks.find(({ id }) => id === row.id)
  return `<article>
<h3>${french(`${row.id} : ${check?.title.fr ?? row.title}`)}</h3>
<p>${french(check?.rationale.fr ?? '')}</p>
<div lang="en"><h4>What to look at</h4>
<ul>${row.evidence.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul></div>
</article>`
}

function checkRow(row: CheckRow, checks: readonly CheckText[]): string {
  const check = checks.find(({ id }) => id === row.id)
  const status = row.unopened === true ? 'error' : row.status
  return [
    `<th scope="row" role="rowheader">${french(`${row.id} : ${check?.title.fr ?? row.title}`)}</th>`,
    cell(COLUMNS_OF_CHECKS, 1, LEVEL_NAMES[row.level]), cell(COLUMNS_OF_CHECKS, 2, `${STATUSES[status]}${remarkOn(row)}`, status),
  ].join('')
}

/** Why a check came to nothing, or does not count. What only developers can act on stays English, and is marked so. */
function remarkOn({ status, message, spared }: CheckRow): string {
  const inFrench = status === 'skip' ? skippedInFrench(message) : undefined
  if (inFrench !== undefined) return `<br><small>${french(inFrench)}</small>`
  const remark = status === 'skip' || status === 'error' ? message : spared
  return remark === undefined ? '' : `<br><small lang="en">${escaped(remark)}</small>`
}

const COLUMNS_OF_TOPICS = ['Sujet', 'Conformes', 'Non conformes', 'À examiner', 'Sans objet ou non vérifiés'] as const
const COLUMNS_OF_CHECKS = ['Contrôle', 'Exigé dès', 'Résultat'] as const

/**
 * A table that becomes a list where the window is narrow. The roles keep it a table for who hears it, which a browser forgets when a style lays it out
 * differently.
 * @param rows - the cells of each
 */
function table(caption: string, columns: readonly string[], rows: readonly string[]): string {
  return `<table role="table"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${columns.map((column) => `<th scope="col" role="columnheader">${column}</th>`).join('')}</tr></thead>
<tbody role="rowgroup">${rows.map((cells) => `<tr role="row">${cells}</tr>`).join('')}</tbody></table>`
}

/** @param content - HTML */
function cell(columns: readonly string[], index: number, content: string, kind?: string): string {
  return `<td role="cell" data-column="${columns[index] ?? ''}\u00a0:"${kind === undefined ? '' : ` class="${kind}"`}>${content}</td>`
}

/** What people call the plugin; its id where it says nothing else. */
function titleOf({ plugin: { id, title } }: Report): string {
  return title?.fr ?? id
}
