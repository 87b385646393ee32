import type { QuotaLedger, UntoldWarning } from '../entitlement/quota-ledger.ts'
import type { Outside } from '../outside.ts'
import type { Storage } from '../storage/storage.ts'
import { administratorAddresses } from './administrator-addresses.ts'
import type { MailTransport } from './mail-transport.ts'

/** After a mail server that took nothing, the next try comes so much later, in milliseconds. */
const PAUSE_MS = 600_000

/** What administrators are told, in words. */
export interface WarningText {
  readonly subject: string
  readonly text: string
}

interface Deps {
  readonly storage: Pick<Storage, 'platform'>
  readonly outside: Outside
  readonly ledger: QuotaLedger
  /** `undefined` while no mail server is configured: pages and the log say it all the same. */
  readonly transport: MailTransport | undefined
  readonly from: string | undefined
  /** Who the mail says it is from. */
  readonly senderName: () => string
  readonly textOf: (warning: UntoldWarning) => WarningText | undefined
  readonly log: { warn(detail: object, message: string): void }
}

/**
 * Tells administrators by mail, once, what is used up or nearly so: those who may log in and have an address. What was told is kept with the count, so that a
 * restart tells nobody twice, and a mail server that is down loses nothing.
 * @returns runs one round; harmless to run often
 */
export function createTeller({ storage, outside, ledger, transport, from, senderName, textOf, log }: Deps): () => Promise<void> {
  let notBefore = 0

  return async () => {
    if (transport === undefined || from === undefined || outside.now() < notBefore) return
    for (const warning of ledger.untold()) {
      const words = textOf(warning)
      const to = words === undefined ? [] : await administratorAddresses(storage, warning.tenantId)
      try {
        if (words !== undefined && to.length > 0) {
          const { tenantId, kind, level } = warning
          await transport.send({ ...words, to, from: { name: senderName(), address: from }, replyTo: undefined, messageId: `quota-${tenantId}-${kind}-${level}-${outside.now()}@${from.slice(from.lastIndexOf('@') + 1)}` })
        }
        ledger.markTold(warning)
      } catch (err) {
        notBefore = outside.now() + PAUSE_MS
        log.warn({ tenant: warning.tenantId, quota: warning.kind, err }, 'administrators could not be told of a quota by mail; it is tried again')
        return
      }
    }
  }
}
