import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { dumpStore, ownTables } from '../../kernel/store-dump.ts'

/** Every table in which a resident is found is declared, with purpose, legal basis and retention. */
export const dataMap: Check<'kernel'> = {
  id: 'GDP-01', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'Chaque table où figure un habitant est au registre', en: 'Every table that holds a resident is in the register' },
  rationale: {
    fr: 'Le registre des traitements de la commune est fait de ces déclarations. Une table oubliée n’est ni exportée, ni effacée, ni contrôlée.',
    en: 'The register of processing activities is made of these declarations. A table that is left out is neither exported nor erased nor looked at.',
  },
  howToFix: 'Add the table to privacy.stores with the column that names the person, the purpose, the legal basis and how long it is kept; or do not keep the person there.',
  example: { bad: 'privacy: { stores: [] }  // and a table with author_id', good: "privacy: { stores: [{ table: 'note', subject: 'author_id', purpose: …, basis: 'public-task', retentionDays: 365 }], … }" },
  refs: { article: 'RGPD art. 30' },
  async run(stage) {
    const { ground } = await stage.tour()
    const declared = new Set(stage.manifest.stores.map(({ table }) => table))
    const found = new Map<string, Finding>()
    const seen: string[] = []
    for (const tenant of [ground.alpha, ground.beta]) {
      const resident = tenant.persona('citizen')
      for (const { name, rows } of ownTables(await dumpStore(ground, tenant))) {
        for (const row of rows) {
          for (const [column, value] of Object.entries(row)) {
            const what = heldOf(resident, value)
            if (what === undefined) continue
            seen.push(`${name}.${column}`)
            if (!declared.has(name) && !found.has(name)) found.set(name, { message: `Table "${name}" holds the ${what} of a resident, in column "${column}", and is not in privacy.stores.`, fix: this.howToFix, file: 'plugin.json', evidence: [JSON.stringify(row).slice(0, 300)] })
          }
        }
      }
    }
    return findings([...found.values()], [`Residents were found in ${[...new Set(seen)].join(', ') || 'no table'}.`])
  },
}

function heldOf({ id, nir, email, name }: { readonly id: string; readonly nir: string; readonly email: string; readonly name: string }, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  if (value.includes(id)) return 'account id'
  if (value.includes(nir)) return 'NIR'
  if (value.toLowerCase().includes(email)) return 'e-mail address'
  return value.includes(name) ? 'name' : undefined
}
