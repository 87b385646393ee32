import { CHECKS } from '../../checks/index.ts'
import { catalogueIdentity, catalogueTexts } from '../../harness/catalogue.ts'
import { inCatalogueOrder } from '../../harness/catalogue-order.ts'
import type { AnyCheck } from '../../harness/check.ts'
import type { CertifyCommand } from '../certify-command.ts'

/** `list [--json]` */
export const listCommand: CertifyCommand = (program, { out }) => {
  program.command('list')
    .description('every check: id, level, gate, title')
    .option('--json', 'answer with one JSON document, with reasons, fixes and examples')
    .helpOption('-h, --help', 'say how to use this command')
    .action(({ json }: { readonly json?: boolean }) => {
      if (json === true) {
        const checks = catalogueTexts().map((check) => ({ ...check, category: check.id.split('-')[0] }))
        out(`${JSON.stringify({ catalogue: catalogueIdentity(), checks }, null, 2)}\n`)
      } else out(inCatalogueOrder(CHECKS).map(({ id, level, gate, maturity, title }) => `${id.padEnd(8)} ${level.padEnd(7)} ${gate.padEnd(8)} ${title.en}${maturity === 'enforced' ? '' : ` (${maturity})`}\n`).join(''))
    })
}

/** `explain ID` */
export const explainCommand: CertifyCommand = (program, { out, err }, done) => {
  program.command('explain')
    .description('why a check is there, how to mend what it finds, and an example')
    .argument('<id>', 'such as MAN-01')
    .helpOption('-h, --help', 'say how to use this command')
    .action((id: string) => {
      const check = CHECKS.find((one) => one.id === id.trim().toUpperCase())
      if (check !== undefined) return out(explained(check))
      err(`liberacces-certify: There is no check ${id}. See \`liberacces-certify list\`.\n`)
      return done(2)
    })
}

function explained({ id, level, gate, maturity, since, forLabel, title, rationale, howToFix, example, refs }: AnyCheck): string {
  const references = [...(refs?.rgaa ?? []).map((rgaa) => `RGAA ${rgaa}`), ...(refs?.cwe ?? []).map((cwe) => `CWE-${cwe}`), ...(refs?.article === undefined ? [] : [refs.article])]
  const indented = (text: string): string => text.split('\n').map((line) => `    ${line}`).join('\n')
  return [
    `${id} ${title.en}`, `  ${level}, gate ${gate}, ${maturity}, since catalogue ${since}${references.length === 0 ? '' : `; ${references.join(', ')}`}`, ...(forLabel === true ? ['  No label of any grade is given while it fails.'] : []), '',
    `  Why: ${rationale.en}`, '', `  How to fix: ${howToFix}`, '', '  Wrong:', indented(example.bad), '  Right:', indented(example.good), '',
  ].join('\n')
}
