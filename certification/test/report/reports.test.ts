import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseFragment } from 'parse5'
import { expect, test } from 'vitest'
import { CHECKS } from '../../src/checks/index.ts'
import { catalogueTexts } from '../../src/harness/catalogue.ts'
import { FORMATS } from '../../src/report/formats.ts'
import { sarifReport } from '../../src/report/sarif.ts'
import { skippedInFrench } from '../../src/report/skipped-in-french.ts'
import { EXAMPLE } from './example-report.ts'

const WRITTEN = { checks: CHECKS, texts: catalogueTexts(), harness: '0.1.0' }

test('[C120] the JSON report has the shape that scripts rely on', () => {
  const report = JSON.parse(FORMATS.json.write(EXAMPLE)) as typeof EXAMPLE
  expect(report).toEqual(EXAMPLE)
  expect(Object.keys(report)).toEqual(expect.arrayContaining(['plugin', 'verdict', 'grade', 'seed', 'checks']))
  for (const check of report.checks) expect(Object.keys(check)).toEqual(expect.arrayContaining(['id', 'status', 'level', 'title', 'message', 'fix', 'evidence', 'ms']))
})

test('[C121] SARIF: each result names a rule that is there, has a kind and level that go together, and a place as the standard writes it', () => {
  const { version, $schema, runs: [run] } = sarifReport(EXAMPLE, WRITTEN.texts, '0.1.0')
  expect([version, $schema]).toEqual(['2.1.0', expect.stringMatching(/^https:\/\/docs\.oasis-open\.org\/.*sarif-schema-2\.1\.0\.json$/)])
  const rules = run?.tool.driver.rules ?? []
  const results = run?.results ?? []
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
  expect(results.map(({ ruleId, kind, level }) => [ruleId, kind, level])).toEqual([
    ['MAN-01', 'pass', 'none'], ['MAN-02', 'fail', 'error'], ['MAN-02', 'fail', 'error'], ['CAP-05', 'fail', 'warning'], ['CAP-05', 'fail', 'warning'], ['I18N-01', 'review', 'none'],
  ])
  for (const { ruleId, ruleIndex = -1, message, locations = [], suppressions = [] } of results) {
    expect(rules[ruleIndex]?.id).toBe(ruleId)
    expect(message.text).toBeTruthy()
    for (const { physicalLocation } of locations) {
      expect(physicalLocation?.artifactLocation?.uri).toBe('src/a%20file.ts')
      expect(physicalLocation?.region?.startLine).toBe(3)
    }
    for (const { kind, justification } of suppressions) expect([kind, justification]).toEqual(['external', expect.any(String)])
  }
  expect(run?.invocations?.[0]).toMatchObject({ executionSuccessful: false, toolExecutionNotifications: [{ level: 'error' }, { level: 'error', associatedRule: { id: 'SEC-03' } }] })
  for (const rule of rules) expect([rule.defaultConfiguration?.level, rule.name]).toEqual([expect.stringMatching(/^(error|warning|note)$/), expect.stringMatching(/^[A-Za-z0-9]+$/)])
})

test('[C122] JUnit: well formed whatever a message holds, counts that agree, and what does not block is no failure', () => {
  const xml = FORMATS.junit.write(EXAMPLE)
  // As XML has it: no control characters, every & and < of a text escaped, every tag closed.
  // eslint-disable-next-line no-control-regex
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|&(?!amp;|lt;|gt;|quot;|#39;)/)
  const open: string[] = []
  const closed: (readonly [string | undefined, string])[] = []
  for (const [, closing, name = '', selfClosing] of xml.matchAll(/<(\/?)([a-z-]+)(?:\s+[a-z]+="[^"<]*")*\s*(\/?)>/g)) {
    if (closing === '/') closed.push([open.pop(), name])
    else if (selfClosing !== '/') open.push(name)
  }
  expect(open).toEqual([])
  expect(closed.filter(([opened, name]) => opened !== name)).toEqual([])
  expect(xml.match(/<testcase /g)).toHaveLength(6)
  expect(/<testsuites [^>]*/.exec(xml)?.[0]).toContain('tests="6" failures="1" errors="1" skipped="3"')
  expect(xml).toContain('It holds &lt;script&gt; &amp; &quot;quotes&quot;.')
})

test('[C123] the page is whole without script or network, French outside of what is for developers, and says what no machine can check', () => {
  const html = FORMATS.html.write(EXAMPLE, WRITTEN)
  expect(html).toMatch(/^<!doctype html>\n<html lang="fr">/)
  expect(html).not.toMatch(/<script|<link|<img|src=|https?:\/\//)
  expect(html).not.toContain('\u0007')
  expect(html).toContain('33 des 106 critères du RGAA')
  expect(html).toContain('<div lang="en"><h4>For the developer</h4>')
  expect(html).toContain('It holds &lt;script&gt;')
  expect(html).toContain('<h2>Ce qui reste à examiner</h2>')
  const french = html.replaceAll(/<style>.*?<\/style>|<(div|small|ul) lang="en">.*?<\/\1>|<footer>.*<\/footer>/gs, '')
  expect(french.match(/.{20} [:;!?»]|« .{20}/g)).toBeNull()
  expect(parseFragment(html).childNodes.length).toBeGreaterThan(0)
})

test('[C480] the page names the plugin as people do, who publishes it, the day, and why a check had nothing to look at, in French', () => {
  const html = FORMATS.html.write(EXAMPLE, WRITTEN)
  expect(html).toContain('<h1>Notes &lt;b&gt;du&lt;/b&gt; conseil <span>version 1.0.0</span></h1>')
  expect(html).toContain('Éditeur&nbsp;: Éditeur &amp; fils. Identifiant&nbsp;: <code>fr.zz-vendor.notes</code>. Rapport du <time datetime="2026-11-26T10:00:00.000Z">26 novembre 2026</time>.')
  expect(html).toContain('<small>Il n’y a pas de code à examiner.</small>')
  expect(html).toContain('<dt>Donné par --previous</dt><dd><code>sha256-p</code></dd>')
  expect(FORMATS.html.write({ ...EXAMPLE, plugin: { id: 'fr.zz-vendor.notes', version: '1.0.0', digest: 'none' } }, WRITTEN)).toContain('<h1>fr.zz-vendor.notes <span>')
})

test('[C481] every reason that a check gives for having nothing to look at has its French', async () => {
  const sources = join(import.meta.dirname, '../../src')
  const files = (await readdir(sources, { recursive: true })).filter((name) => name.endsWith('.ts'))
  const texts = await Promise.all(files.map((name) => readFile(join(sources, name), 'utf8')))
  const reasons = texts.flatMap((text) => [...text.matchAll(/(?:status: 'skip', why: |\{ missing: |NO_PREVIOUS = )(?:'([^']+)'|`([^`]+)`)/g)].map(([, plain, patterned = '']) => plain ?? patterned.replaceAll(/\$\{[^}]*\}/g, 'x')))
  expect(reasons.length).toBeGreaterThan(40)
  expect([...new Set(reasons)].filter((reason) => skippedInFrench(reason) === undefined)).toEqual([])
  expect(skippedInFrench('The archive given with --previous is of "$& <b>".')).toBe('L’archive donnée par --previous est celle de $& <b>.')
  expect([skippedInFrench('constructor'), skippedInFrench('Something else.')]).toEqual([undefined, undefined])
})

test('[C123] [C120] what a gate that did not open kept from being looked at is not verified, and not out of place', () => {
  const of = (more: object) => ({ ...EXAMPLE, checks: EXAMPLE.checks.filter(({ status }) => status === 'skip').map((row) => ({ ...row, ...more })) })
  expect(FORMATS.html.write(of({}), WRITTEN)).toContain('class="skip">Sans objet<br>')
  const html = FORMATS.html.write(of({ unopened: true }), WRITTEN)
  expect(html).toContain('class="error">Non vérifié<br>')
  expect(html).toContain('sans objet\u00a0: 0\u00a0; non vérifiés\u00a0: 1')
  expect(FORMATS.pretty.write(of({ unopened: true, fix: 'Give --with.' }), WRITTEN)).toContain('· Not looked at: SEC-01\n  There is no code to look at.\n  fix     Give --with.')
})

test('[C120] the terminal is told what, where, why, how to fix and how to see it again, and the verdict last', () => {
  const text = FORMATS.pretty.write({ ...EXAMPLE, verdict: 'fail', troubles: [] }, WRITTEN)
  expect(text).toContain('✗ src/a file.ts:3  It holds <script>')
  expect(text).toMatch(/ {2}why {5}\S/)
  expect(text).toContain('  again   liberacces-certify . --only MAN-02 --seed 1')
  expect(text.trimEnd().split('\n').at(-1)).toBe('FAIL for bronze; reached: none: 1 pass, 2 fail, 1 review, 1 error, 1 skip; seed 1')
})
