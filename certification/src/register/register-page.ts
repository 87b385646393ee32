import { GRADES_IN_FRENCH } from '../label/grades-in-french.ts'
import { html, type Html } from './html.ts'
import { rangeInFrench } from '../label/range-in-french.ts'
import type { RegisterEntry } from './register-entry.ts'
import { dayInFrench } from '../report/day-in-french.ts'
import { nameOf, reasonInFrench, STATES_IN_FRENCH } from './register-words.ts'

/** What every page of the register says of itself. */
export interface RegisterFacts {
  readonly name: string
  readonly fingerprint: string
  /** ISO 8601. */
  readonly issued: string
}

/** A page in the frame of the register. @param up - way to its first page, such as `../` */
export function registerPage(title: string, facts: RegisterFacts, body: Html, up: string): string {
  return `<!doctype html>\n${html`<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Registre des labels – ${facts.name}</title><link rel="stylesheet" href="${up}style.css"><link rel="alternate" type="application/atom+xml" title="Registre des labels" href="${up}flux.xml"></head>
<body><a class="skip" href="#contenu">Aller au contenu</a>
<header><p><a href="${up}index.html">Registre des applications compatibles</a></p><p>${facts.name}</p></header>
<main id="contenu" tabindex="-1"><h1>${title}</h1>${body}</main>
<footer><p>État au ${dayInFrench(facts.issued)}. Empreinte de la racine de confiance : <code>${facts.fingerprint}</code></p>
<p>Le label dit qu’une version a passé le banc d’essai ; il ne promet pas l’absence de défaut. Les contrôles automatiques couvrent au plus 33 des 106 critères du RGAA.</p>
<ul><li><a href="${up}index.json">Données (JSON)</a></li><li><a href="${up}flux.xml">Flux Atom</a></li><li><a href="${up}root.json">Racine de confiance</a></li><li><a href="${up}status.json">Liste d’états</a></li></ul></footer></body></html>
`.html}`
}

const COLUMNS = ['Application', 'Version', 'Éditeur', 'Niveau', 'Plateforme', 'Fin', 'Label'] as const

/** The catalogue: the newest label of each application. */
export function cataloguePage(entries: readonly RegisterEntry[]): Html {
  const newest = [...new Map([...entries].reverse().map((entry) => [entry.id, entry] as const)).values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  if (newest.length === 0) return html`<p>Aucune application n’a encore de label.</p>`
  return html`<p>${newest.length === 1 ? 'Une application a, ou a eu,' : `${newest.length} applications ont, ou ont eu,`} le label « Application compatible ».</p>
<table role="table"><caption>Applications</caption>
<thead role="rowgroup"><tr role="row">${COLUMNS.map((column) => html`<th scope="col" role="columnheader">${column}</th>`)}</tr></thead>
<tbody role="rowgroup">${newest.map(applicationRow)}</tbody></table>`
}

/** The roles keep it a table for who hears it where a narrow window lays it out as a list. */
function applicationRow(entry: RegisterEntry): Html {
  const { id, title, version, vendor, grade, kernelRange, notAfter, state } = entry
  const cells = [version, vendor, GRADES_IN_FRENCH[grade], rangeInFrench(kernelRange), dayInFrench(notAfter), STATES_IN_FRENCH[state]]
  return html`<tr role="row"><th scope="row" role="rowheader"><a href="applications/${id}.html">${nameOf(entry)}</a>${title === undefined ? undefined : html`<br><code>${id}</code>`}</th>${cells.map((text, index) => html`<td role="cell" data-column="${COLUMNS[index + 1]}\u00a0:">${text}</td>`)}</tr>`
}

/** An application with all its labels, newest first. */
export function applicationPage(entries: readonly RegisterEntry[]): Html {
  const [newest] = entries
  return html`${newest?.title === undefined ? undefined : html`<p>Identifiant : <code>${newest.id}</code></p>`}${entries.map(labelSection)}`
}

function labelSection(entry: RegisterEntry): Html {
  const { version, idx, grade, state, notBefore, notAfter, vendor, kernelRange, sha256, signers, catalogue, seed, changes, waivers, reviews, result, id } = entry
  const name = nameOf(entry)
  return html`<section aria-labelledby="label-${idx}"><h2 id="label-${idx}">Version ${version} : label ${STATES_IN_FRENCH[state]}</h2>
${state === 'valid' ? html`<p><img src="../badges/${id}-${version}-${idx}.svg" width="340" height="96" alt="Application compatible : ${name} ${version}, niveau ${GRADES_IN_FRENCH[grade]}, jusqu’au ${dayInFrench(notAfter)}"></p>` : undefined}
<dl><dt>Éditeur</dt><dd>${vendor}</dd><dt>Niveau</dt><dd>${GRADES_IN_FRENCH[grade]}</dd><dt>Compatible avec LiberAccès</dt><dd>${rangeInFrench(kernelRange)}</dd><dt>Validité</dt><dd>du ${dayInFrench(notBefore)} au ${dayInFrench(notAfter)}</dd>
<dt>Archive (SHA-256)</dt><dd><code>${sha256}</code></dd><dt>Signé par</dt><dd>${signers.join(', ')}</dd><dt>Banc d’essai</dt><dd>catalogue ${catalogue}, graine ${seed}</dd><dt>Label signé</dt><dd><a href="../labels/${idx}.label.json">Fichier signé du label n° ${idx}</a></dd></dl>
${result === undefined ? undefined : html`<h3>Contrôles</h3><p>${result.passedTests.length} réussis, ${result.failedTests.length} en échec, ${result.warnedTests.length} laissés à une personne, ${result.skippedTests.length} sans objet.</p><details><summary>Contrôles réussis de la version ${version}</summary><p>${result.passedTests.join(', ')}</p></details>`}
${list('Dérogations', waivers.map(({ check, reason, expires, signer }) => `${check}, jusqu’au ${dayInFrench(expires)} : ${reason} (${signer})`))}
${list('Revues faites par une personne', reviews.map(({ check, finding, by }) => `${check} : ${finding} (${by})`))}
${list('Historique', changes.map((change) => `${dayInFrench(change.at)} : label ${STATES_IN_FRENCH[change.state]}, ${reasonInFrench(change.reason)}${change.note === undefined ? '' : ` (${change.note})`}. Recours : ${change.appeal}${change.disableAt === undefined ? '' : `. Mise hors service le ${dayInFrench(change.disableAt)}`}`))}</section>`
}

function list(title: string, lines: readonly string[]): Html | undefined {
  return lines.length === 0 ? undefined : html`<h3>${title}</h3><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`
}
