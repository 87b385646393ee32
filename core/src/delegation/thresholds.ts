import { TIME_ZONE } from '@liberacces/sdk/host'
import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Reloadable } from '../nodes/reloadable.ts'
import type { Outside } from '../outside.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tenants } from '../tenancy/tenants.ts'

/** Up to how many inhabitants a commune is small, from a day on. */
export interface Threshold {
  /** ISO 8601 date, in Paris. */
  readonly validFrom: string
  /** Persons. */
  readonly population: number
}

/** The numbers of inhabitants up to which a commune is small. Dated: a change says from when, and what was stays on record. */
export interface Thresholds {
  /** Oldest first; the first one is ours, and holds until the Pool says otherwise. */
  list(): readonly Threshold[]
  /** The one in force now. */
  current(): Threshold
  /**
   * Says what holds from a day on, today or later.
   * @param population - 0 (no commune is small) to 100 000
   * @throws PlatformError `SETTING_INVALID`
   */
  set(threshold: Threshold, by: AuditActor): Promise<void>
  /** Thresholds in memory. */
  readonly held: Reloadable
}

/** What holds while the Pool has said nothing. */
export const DEFAULT_THRESHOLD: Threshold = { validFrom: '1970-01-01', population: 3_500 }

/** Thresholds on the kernel's tables, and in memory. */
export async function openThresholds({ storage, outside, audit, tenants }: { readonly storage: Storage; readonly outside: Outside; readonly audit: Audit; readonly tenants: Tenants }): Promise<Thresholds> {
  const days = new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE, year: 'numeric', month: '2-digit', day: '2-digit' })
  const today = (): string => days.format(outside.now())
  let all = await load()

  return {
    held: { tables: ['population_threshold'], reload: async () => { all = await load() } },
    list: () => all,
    current: () => all.findLast(({ validFrom }) => validFrom <= today()) ?? DEFAULT_THRESHOLD,
    async set({ validFrom, population }, by) {
      const fields: Record<string, string> = {}
      if (!/^\d{4}-\d{2}-\d{2}$/.test(validFrom) || Number.isNaN(Date.parse(validFrom)) || new Date(validFrom).toISOString().slice(0, 10) !== validFrom) fields['validFrom'] = 'This is no day.'
      else if (validFrom < today()) fields['validFrom'] = 'What held in the past is not changed any more.'
      if (!Number.isInteger(population) || population < 0 || population > 100_000) fields['population'] = 'A whole number of inhabitants from 0 to 100 000.'
      if (Object.keys(fields).length > 0) throw new PlatformError('SETTING_INVALID', `The threshold cannot be set: ${Object.values(fields).join(' ')}`, { fix: 'Correct what is named.', fields })
      const pool = tenants.pool()
      await storage.platformTransaction(async (tx) => {
        const row = { population, set_at: outside.now(), set_by: by.name }
        await tx.insertInto('population_threshold').values({ valid_from: validFrom, ...row }).onConflict((conflict) => conflict.column('valid_from').doUpdateSet(row)).execute()
        if (pool !== undefined) await audit.record({ tenantId: pool.id, actor: by, action: 'threshold.set', target: validFrom, detail: { population } }, tx)
      })
      all = await load()
    },
  }

  async function load(): Promise<readonly Threshold[]> {
    const rows = await storage.platform.selectFrom('population_threshold').select(['valid_from', 'population']).orderBy('valid_from').execute()
    return [DEFAULT_THRESHOLD, ...rows.map(({ valid_from: validFrom, population }) => ({ validFrom, population }))]
  }
}
