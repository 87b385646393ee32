/** What a tenant may send a day. */
export interface SendingQuota {
  /** @throws PlatformError `QUOTA_EXCEEDED`; nothing is counted then */
  take(tenantId: string, kind: 'events' | 'mails', amount: number): void
  giveBack(tenantId: string, kind: 'events' | 'mails', amount: number): void
}

/** What one transaction took of the day's quotas, to be given back when it does not commit. */
export class TakenQuota {
  readonly #quota: SendingQuota
  readonly #tenantId: string
  readonly #taken = { events: 0, mails: 0 }

  constructor(quota: SendingQuota, tenantId: string) {
    this.#quota = quota
    this.#tenantId = tenantId
  }

  /** @throws PlatformError `QUOTA_EXCEEDED` */
  take(kind: 'events' | 'mails', amount: number): void {
    this.#quota.take(this.#tenantId, kind, amount)
    this.#taken[kind] += amount
  }

  giveBack(): void {
    for (const kind of ['events', 'mails'] as const) if (this.#taken[kind] > 0) this.#quota.giveBack(this.#tenantId, kind, this.#taken[kind])
  }
}
