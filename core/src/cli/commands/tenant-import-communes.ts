import { InvalidArgumentError, Option } from 'commander'
import type { Platform } from '../../platform.ts'
import type { ImportScope } from '../../tenancy/plan-import.ts'
import type { Tenant } from '../../tenancy/tenant.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { collected } from '../option-values.ts'
import { textTable } from '../text-table.ts'

interface Options {
  readonly all?: boolean
  readonly departement?: string
  readonly epci?: string
  readonly enable?: readonly string[]
}

/** Shown at most so often, in milliseconds. */
const TELL_EVERY_MS = 1_000

/** `tenant import-communes --all | --departement CODE | --epci SIREN` */
export const tenantImportCommunes: PlatformCommand = {
  kind: 'platform',
  name: 'tenant import-communes',
  summary: 'make tenants of the communes of the register, below their EPCI; run again, it makes what is missing',
  define(command) {
    command
      .addOption(new Option('--all', 'all of France').conflicts(['departement', 'epci']))
      .addOption(new Option('--departement <code>', 'those of a département, such as 17, 2A or 974').conflicts('epci').argParser(departementCode))
      .option('--epci <siren>', 'those of one EPCI')
      .option('--enable <id>', 'a plugin to switch on at these communes, those that were there too; may be repeated', collected)
  },
  wrongUse({ options }: Input<Options>) {
    return options.all !== true && options.departement === undefined && options.epci === undefined ? 'Which communes is not said.\nGive --departement CODE, --epci SIREN, or --all for all of France.' : undefined
  },
  async run(platform: Platform, { options }: Input<Options>, io: Io) {
    const start = performance.now()
    const progress = teller(io, 'tenants')
    const { made, existing, problems } = await platform.tenants.importCommunes(scopeOf(options), operator(), { progress })
    const isCommune = ({ info }: Tenant): boolean => info.kind === 'commune'
    const communes = made.filter(isCommune).length
    const enabled = options.enable === undefined ? undefined
      : await platform.installations.enableMany([...made, ...existing].filter(isCommune).map(({ id }) => id), options.enable, operator(), { progress: teller(io, 'communes with the plugins') })
    const notEnabled = (enabled?.problems ?? []).map(({ tenantId, error }) => ({ tenant: platform.tenants.byId(tenantId)?.info.slug ?? tenantId, code: error.code, message: error.message }))
    const seconds = Math.round((performance.now() - start) / 100) / 10
    io.answer(
      { communes, epcis: made.length - communes, existing: existing.length, problems, ...(enabled === undefined ? {} : { enabled: enabled.tenants, notEnabled }), seconds },
      [
        `Made ${communes} communes and ${made.length - communes} EPCI in ${seconds} s; ${existing.length} were there.`,
        ...(enabled === undefined ? [] : [`Switched on ${(options.enable ?? []).join(', ')} at ${enabled.tenants} communes.`]),
        ...(problems.length === 0 ? [] : ['', textTable(['code', 'name', 'left out because'], problems.map(({ code, name, reason }) => [code, name, reason]), '')]),
        ...(notEnabled.length === 0 ? [] : ['', textTable(['tenant', 'not switched on because'], notEnabled.map(({ tenant, message }) => [tenant, message]), '')]),
      ].join('\n'),
    )
  },
}

function scopeOf({ departement, epci }: Options): ImportScope {
  if (departement !== undefined) return { kind: 'departement', code: departement }
  if (epci !== undefined) return { kind: 'epci', siren: epci.replaceAll(/\s/g, '') }
  return { kind: 'all' }
}

function departementCode(text: string): string {
  const code = text.toUpperCase()
  if (!/^(?:\d{2}|2[AB]|9[78]\d)$/.test(code)) throw new InvalidArgumentError('It must be a code such as 17, 2A or 974.')
  return code
}

/** Says now and then how far something is, but not beside a JSON answer. */
function teller(io: Io, what: string): (done: number, total: number) => void {
  let toldAt = Number.NEGATIVE_INFINITY
  return (done, total) => {
    const now = performance.now()
    if (io.json || total === 0 || (done < total && now - toldAt < TELL_EVERY_MS)) return
    toldAt = now
    io.note(`${String(done).padStart(String(total).length)} of ${total} ${what} (${Math.floor((100 * done) / total)} %)`)
  }
}
