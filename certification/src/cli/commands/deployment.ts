import { createPublicKey, type KeyObject } from 'node:crypto'
import { resolve } from 'node:path'
import { documentIn, keyIdOf, readEnvelope, readTrustRoot, signersOf, writeEnvelope, type TrustRoot } from '@liberacces/core'
import { collectDossier, readCompany } from '../../deployment/collect-dossier.ts'
import { DOSSIER_TYPE, DossierSchema, type Dossier } from '../../deployment/dossier.ts'
import { dossierPage, verdictOn } from '../../deployment/dossier-page.ts'
import { judgeDossier, type RuleResult } from '../../deployment/rules.ts'
import { readDecisions } from '../../label/decisions.ts'
import { LabelError } from '../../label/label-error.ts'
import { readPublicKey } from '../../label/officer-key.ts'
import { signDocument } from '../../label/sign-envelope.ts'
import type { CertifyCommand } from '../certify-command.ts'
import { collect, momentOption, runLabel, type LabelAnswer } from './label/label-command.ts'
import { keysFrom, readNamed, writeWhole } from './label/label-files.ts'

interface CollectOptions {
  readonly company?: string
  readonly key?: readonly string[]
  readonly tokenFile?: string
  readonly root?: readonly string[]
  readonly passphraseFile?: string
  readonly out: string
  readonly html?: string
  readonly json?: boolean
}

interface VerifyOptions {
  readonly key?: readonly string[]
  readonly root?: readonly string[]
  readonly decisions?: string
  readonly at?: number
  readonly html?: string
  readonly json?: boolean
}

/** `deployment URL …`, `deployment verify DOSSIER …` */
export const deploymentGroup: CertifyCommand = (program, context, done) => {
  const { folder, clock } = context
  const run = runLabel(context, done)
  const group = program.command('deployment')
    .description('gather signed evidence about a running platform, for the label Intégrateur; changes nothing there')
    .argument('<url>', 'address of the Pool\'s console')
    .option('--company <file>', 'what the company says of itself (JSON)')
    .option('--key <file>', 'key of the company that signs; once each', collect)
    .option('--token-file <file>', 'token of an account that may read evidence; without it only what is seen from outside')
    .option('--root <file>', 'root of trust of a certifier whose labels count; once each', collect)
    .option('--passphrase-file <file>', 'opens an encrypted key')
    .option('--out <file>', 'where to write the dossier', 'dossier.json')
    .option('--html <file>', 'write what the rules say as a page in French, too')
    .option('--json', 'answer with one JSON document')
    .helpOption('-h, --help', 'say how to use this command')
    .action((address: string, options: CollectOptions) => run(options, async () => {
      const url = URL.canParse(address) ? new URL(address) : undefined
      if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.pathname !== '/') throw new LabelError(`"${address}" is no address of a platform.`, 'Give https://… of the Pool\'s console, without a path.', 2)
      if (options.company === undefined || options.key === undefined) throw new LabelError('A dossier needs --company and --key.', 'See `deployment --help`.', 2)
      const company = readCompany((await readNamed(folder, options.company)).toString(), options.company)
      const keys = await keysFrom(folder, options.key, options.passphraseFile)
      const token = options.tokenFile === undefined ? undefined : (await readNamed(folder, options.tokenFile)).toString().trim()
      const now = clock()
      const dossier = await collectDossier(url, company, token, now)
      const path = resolve(folder, options.out)
      await writeWhole(path, writeEnvelope(signDocument(DOSSIER_TYPE, dossier, keys)))
      const results = judgeDossier({ dossier, signers: keys.map(({ keyid }) => keyid), roots: await rootsFrom(folder, options.root), now })
      await writePage(folder, options.html, dossier, results)
      return answerWith(results, `Dossier of ${company.name} about ${url.origin}\n  ${path}`, { file: path })
    }))
  group.command('verify')
    .description('judge a dossier by the rules: 0 holds, 1 does not, 3 when a person must still look at something')
    .argument('<dossier>', 'what `deployment URL` wrote')
    .option('--key <file>', 'public key of the company (.pub.pem); once each', collect)
    .option('--root <file>', 'root of trust of a certifier whose labels count; once each', collect)
    .option('--decisions <file>', 'reviews that people made: { "reviews": [{ "check", "finding", "by" }] }')
    .option('--at <day>', 'as of that day', momentOption)
    .option('--html <file>', 'write what the rules say as a page in French, too')
    .option('--json', 'answer with one JSON document')
    .helpOption('-h, --help', 'say how to use this command')
    .action((file: string, own: VerifyOptions, command: { optsWithGlobals(): VerifyOptions }) => {
      const options = { ...command.optsWithGlobals(), ...own }
      return run(options, async () => {
        if (options.key === undefined) throw new LabelError('A dossier is verified with the public key of the company.', 'Give --key FILE.pub.pem.', 2)
        const keys = new Map<string, KeyObject>(await Promise.all(options.key.map(async (path) => {
          const key = readPublicKey((await readNamed(folder, path)).toString(), path)
          return [keyIdOf(key), createPublicKey(key.export({ type: 'spki', format: 'pem' }))] as const
        })))
        const envelope = readEnvelope(await readNamed(folder, file), 'The dossier')
        const signers = signersOf(envelope, keys, 'The dossier')
        if (signers.length === 0) throw new LabelError('The dossier has no signature.', 'Whoever made it signs it: `deployment URL --key KEY`.')
        const dossier = documentIn(envelope, DOSSIER_TYPE, DossierSchema, 'The dossier')
        const { reviews = [] } = options.decisions === undefined ? {} : readDecisions((await readNamed(folder, options.decisions)).toString(), options.decisions)
        const results = judgeDossier({ dossier, signers, roots: await rootsFrom(folder, options.root), now: options.at ?? clock() })
          .map((result): RuleResult => {
            const settled = reviews.find(({ check }) => check === result.id)
            return result.status === 'review' && settled !== undefined ? { ...result, status: 'pass', items: [`${settled.finding} (${settled.by})`] } : result
          })
        await writePage(folder, options.html, dossier, results)
        return answerWith(results, `Dossier of ${dossier.company.name} about ${dossier.url}, of ${dossier.at}`, { signers })
      })
    })
}

async function rootsFrom(folder: string, files: readonly string[] = []): Promise<readonly TrustRoot[]> {
  return Promise.all(files.map(async (file) => readTrustRoot(await readNamed(folder, file))))
}

async function writePage(folder: string, file: string | undefined, dossier: Dossier, results: readonly RuleResult[]): Promise<void> {
  if (file !== undefined) await writeWhole(resolve(folder, file), Buffer.from(dossierPage(dossier, results)))
}

function answerWith(results: readonly RuleResult[], title: string, more: object): LabelAnswer {
  const verdict = verdictOn(results)
  return {
    ...(verdict === 'pass' ? {} : { exit: verdict === 'fail' ? 1 : 3 }),
    data: { verdict, ...more, rules: results },
    text: [title, ...results.flatMap(({ id, title: rule, status, items }) => [`  ${status.padEnd(6)} ${id} ${rule}`, ...items.map((item) => `           ${item}`)]), `Verdict: ${verdict}`].join('\n'),
  }
}
