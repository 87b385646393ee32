import { InvalidArgumentError } from 'commander'
import { QUOTA_KINDS, type QuotaKind } from '../../entitlement/quota-kind.ts'
import { parseQuota } from '../../entitlement/quota-text.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { quotaAnswer } from '../quota-answer.ts'
import { tenantOf } from '../tenant-of.ts'

type Options = { readonly tenant: string } & Readonly<Partial<Record<QuotaKind, number | 'none'>>>

const HINTS: Readonly<Record<QuotaKind, string>> = {
  storage: 'bytes in databases and files, such as 5GiB',
  events: 'events that plugins emit a day',
  mails: 'mails to one address each a day',
  cpu: 'computing time of plugins a day, such as 90s, 15min or 2h; an estimate',
}

/** `quota set --tenant T [--storage 5GiB] [--events N] [--mails N] [--cpu 2h]` */
export const quotaSet: PlatformCommand = {
  kind: 'platform',
  name: 'quota set',
  summary: 'limit what a tenant, and each one below it, may use; `none` takes a limit away',
  define(command) {
    command.addOption(tenantOption())
    for (const kind of QUOTA_KINDS) command.option(`--${kind} <amount>`, HINTS[kind], amountOf(kind))
  },
  wrongUse({ options }: Input<Options>) {
    return namedIn(options).length === 0 ? `Which quota is not said.\nGive one or more of ${QUOTA_KINDS.map((kind) => `--${kind}`).join(', ')}.` : undefined
  },
  async run(platform: Platform, { options: { tenant: slug, ...given } }: Input<Options>, io: Io) {
    const tenant = tenantOf(platform, slug)
    await platform.entitlements.setQuotas(tenant, Object.fromEntries(namedIn(given).map((kind) => [kind, given[kind] === 'none' ? undefined : given[kind]])), operator())
    io.answer(...await quotaAnswer(platform, tenant))
  },
}

function namedIn(given: Partial<Options>): readonly QuotaKind[] {
  return QUOTA_KINDS.filter((kind) => given[kind] !== undefined)
}

function amountOf(kind: QuotaKind): (text: string) => number | 'none' {
  return (text) => {
    const amount = text === 'none' ? 'none' : parseQuota(kind, text)
    if (amount === undefined) throw new InvalidArgumentError(`"${text}" is no amount: give ${HINTS[kind]}, or none.`)
    return amount
  }
}
