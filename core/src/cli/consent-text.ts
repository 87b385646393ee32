import { describeDifference } from '../consent/difference-text.ts'
import type { PluginConsent } from '../consent/consent-desk.ts'
import { scopeText } from '../consent/scope-text.ts'
import { textIn } from '../localized-text.ts'
import { translator } from '../pages/translate.ts'
import { textTime } from './text-table.ts'

/** What was decided about one plugin and what waits, as lines for people. */
export function consentText({ pluginId, title, version, scopes, waiting }: PluginConsent): string {
  const t = translator('en')
  const lines = [`${pluginId}${version === undefined ? '' : ` ${version}`}: ${textIn('en', title)}`]
  for (const { scope, without, decision } of scopes) {
    const who = decision === undefined ? 'not decided' : `${decision.decision} by ${decision.by.name} at ${textTime(decision.at)}`
    lines.push(`  ${scope}${without === undefined ? '' : ' (optional)'}  ${scopeText(scope, t)}: ${who}`)
  }
  if (waiting !== undefined) {
    lines.push(`  ${waiting.version} waits for consent since ${textTime(waiting.since)}:`)
    for (const { title: subject, sentences } of describeDifference(waiting.difference, 'en')) lines.push(`    ${subject}`, ...sentences.map((sentence) => `      ${sentence}`))
    lines.push(`  Accept with: liberacces consent accept ${pluginId} --tenant T${waiting.optional.map((scope) => ` [--refuse ${scope}]`).join('')}`)
  }
  return lines.join('\n')
}
