// Keeps sdk/api.md, the report of everything the SDK exports: what plugin authors rely on, reviewed like code.
//
//   pnpm check:api      fails when the report is not what the source says, or an export has no doc comment
//   pnpm api:update     rewrites the report
//
// Declarations are made by tsc into sdk/temp/, then API Extractor reads one entry after the other.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { report, root } from './workspace.ts'

const REPORT = join(root, 'sdk/api.md')
const update = process.argv.includes('--update')
const sdk = join(root, 'sdk')
const temp = join(sdk, 'temp')

/** The entries that people import, and their files under src/; the JSX entries are for the compiler. */
const { exports } = JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8')) as { exports: Readonly<Record<string, string>> }
const entries = Object.entries(exports).filter(([entry, path]) => !entry.startsWith('./jsx-') && /\.tsx?$/.test(path)).map(([entry, path]) => [entry, path.replace('./src/', '')] as const)

interface Complaint { readonly entry: string; readonly id: string; readonly text: string }

/** What one entry exports, as Markdown; complaints are collected. */
function describe(entry: string, file: string, complaints: Complaint[]): string {
  const name = entry === '.' ? 'sdk' : entry.slice(2)
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: sdk,
      mainEntryPointFilePath: join(temp, file.replace(/\.tsx?$/, '.d.ts')),
      compiler: { tsconfigFilePath: join(temp, 'tsconfig.json') },
      apiReport: { enabled: true, reportFileName: name, reportFolder: temp, reportTempFolder: join(temp, 'reports') },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error, addToApiReportFile: false },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.Error, addToApiReportFile: false } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(sdk, 'package.json'),
  })
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true
      if (message.logLevel !== ExtractorLogLevel.Error) return
      const place = message.sourceFilePath === undefined ? '' : ` (${message.sourceFilePath.replace(`${temp}/`, '')}:${message.sourceFileLine})`
      complaints.push({ entry, id: message.messageId, text: `${message.text}${place}` })
    },
  })
  const text = readFileSync(join(temp, `reports/${name}.api.md`), 'utf8')
  return `## \`@liberacces/sdk${entry.slice(1)}\`\n\n${text.slice(text.indexOf('```ts'))}`
}

const missing = entries.map(([, file]) => `src/${file}`).filter((file) => !existsSync(join(sdk, file)))
if (missing.length > 0) {
  report('api', missing.map((file) => `sdk/${file}: missing`), '')
} else {
  rmSync(temp, { recursive: true, force: true })
  mkdirSync(join(temp, 'reports'), { recursive: true })
  const base = { noEmit: false, emitDeclarationOnly: true, declaration: true, rewriteRelativeImportExtensions: true, allowImportingTsExtensions: false }
  writeFileSync(join(temp, 'tsconfig.json'), JSON.stringify({
    extends: '../../tsconfig.base.json',
    compilerOptions: { ...base, rootDir: '../src', outDir: '.' },
    include: ['../src'],
  }))
  const { status } = spawnSync('tsc', ['-p', join(temp, 'tsconfig.json')], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })

  const complaints: Complaint[] = []
  const sections = entries.map(([entry, file]) => describe(entry, file, complaints))
  const text = `# What \`@liberacces/sdk\` exports\n\nWritten by \`pnpm api:update\`. Do not edit.\n\n${sections.join('\n')}`
  // A name that the language has too is exported under another: `export { Plugin_2 as Plugin }`.
  const exported = new Set([...text.matchAll(/^export \{ \w+ as (\w+) \}/gm), ...text.matchAll(/^export .*?\b(?:class|const|enum|function|interface|namespace|type|let|var)\s+(\w+)/gm)].map((match) => match[1]))

  // A type that one entry uses and another exports is within the author's reach.
  const problems = complaints
    .filter(({ id, text: complaint }) => id !== 'ae-forgotten-export' || !exported.has(/symbol "(\w+?)(?:_\d+)?"/.exec(complaint)?.[1]))
    // A member may stay without a comment where it would only repeat its name and type; what is exported may not.
    .filter(({ id, text: complaint }) => id !== 'ae-undocumented' || exported.has(/for "(\w+)"/.exec(complaint)?.[1]))
    .map(({ entry, id, text: complaint }) => `${entry}: ${id}: ${complaint}`)
  if (status !== 0) problems.push('sdk: tsc cannot make its declarations')

  if (update) writeFileSync(REPORT, text)
  else if (!existsSync(REPORT)) problems.push('sdk/api.md: missing; run `pnpm api:update`')
  else if (readFileSync(REPORT, 'utf8') !== text) {
    writeFileSync(join(temp, 'api.md'), text)
    spawnSync('diff', ['-u', REPORT, join(temp, 'api.md')], { stdio: ['ignore', 'inherit', 'inherit'] })
    problems.push('sdk/api.md: the source says otherwise; run `pnpm api:update`, and review the difference')
  }
  report('api', [...new Set(problems)], `${exported.size} exports ${update ? 'written' : 'as reported'}`)
}
