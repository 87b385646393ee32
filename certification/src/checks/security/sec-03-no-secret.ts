import { readdir } from 'node:fs/promises'
import { lintSource } from '@secretlint/core'
import { creator } from '@secretlint/secretlint-rule-preset-recommend'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'

/** Larger ones are data; nobody pastes a token there. */
const MOST_BYTES = 1_000_000
const CONFIG = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] }

/** No password, token or private key is in the source or in the archive. */
export const noSecret: Check<'static'> = {
  id: 'SEC-03', since: '1.0', level: 'bronze', gate: 'static', maturity: 'enforced', timeoutMs: 30_000,
  title: { fr: 'Aucun secret dans le code', en: 'No secret in the code' },
  rationale: {
    fr: 'Un mot de passe publié avec l’application ouvre la porte à tout le monde, chez toutes les collectivités à la fois.',
    en: 'A password that is published with a plugin opens the door to everybody, at all local authorities at once.',
  },
  howToFix: 'Withdraw the secret where it was made (it is known now), remove it, and let each tenant enter its own: a setting with Secret(), read with c.secrets.',
  example: { bad: "const TOKEN = 'ghp_…'", good: "const token = await c.secrets.get('token')" },
  refs: { cwe: [798, 540] },
  async run({ folder, files }) {
    const texts = folder === undefined
      ? [...files ?? []].map(([path, content]) => ({ path, read: async () => content.toString() }))
      : [...folder.files, ...await hidden(folder.path)].map((path) => ({ path, read: () => folder.read(path) }))
    if (texts.length === 0) return { status: 'skip', why: 'There is nothing to look into; see MAN-05.' }
    const found: Finding[] = []
    for (const { path, read } of texts) {
      const content = await read()
      if (content.length > MOST_BYTES || content.includes('\0')) continue
      const { messages } = await lintSource({ source: { filePath: path, content, contentType: 'text' }, options: { config: CONFIG, maskSecrets: true, noPhysicFilePath: true } })
      // The secret itself is not repeated: reports are read by many.
      // A key of the tests' own server opens nothing; a token found there opens what it opened for whoever tried it.
      for (const { message, loc } of messages.filter(({ ruleId }) => !(isOfTests(path) && /privatekey/.test(ruleId)))) found.push({ message: `It holds a secret: ${message.replaceAll(/\*{4,}/g, '****').replaceAll(/\s+/g, ' ').slice(0, 160)}`, fix: this.howToFix, file: path, line: loc.start.line, evidence: [] })
    }
    return findings(found)
  },
}

function isOfTests(path: string): boolean {
  return /(^|\/)tests?\//.test(path)
}

/** Files for an environment, which hold secrets more often than others. */
async function hidden(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => /^\.(env|npmrc|netrc)/.test(name))
}
