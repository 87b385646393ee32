/** What a tenant may send a day. */
export interface SendingQuota {
  /** @throws PlatformError `QUOTA_EXCEEDED`; nothing is counted then */
  take(tenantId: string, kind: 'events' | 'mails', amount: number): void
  /** Counts it, used up or not. */
  count(tenantId: string, kind: 'events' | 'mails', amount: number): void
  giveBack(tenantId: string, kind: 'events' | 'mails', amount: number): void
}

/** What one transaction took of the day's quotas, to be given back when it does not commit. */
export class TakenQuota {
  readonly #quota: SendingQuota
  readonly #tenantId: string
  readonly #isLimited: boolean
  readonly #taken = { events: 0, mails: 0 }

  /** @param isLimited - `false` where nothing is refused */
  constructor(quota: SendingQuota, tenantId: string, isLimited: boolean) {
    this.#quota = quota
    this.#tenantId = tenantId
    this.#isLimited = isLimited
  }

  /** @throws PlatformError `QUOTA_EXCEEDED` */
  take(kind: 'events' | 'mails', amount: number): void {
    if (this.#isLimited) this.#quota.take(this.#tenantId, kind, amount)
    else this.#quota.count(this.#tenantId, kind, amount)
    this.#taken[kind] += amount
  }

  giveBack(): void {
    for (const kind of ['events', 'mails'] as const) if (this.#taken[kind] > 0) this.#quota.giveBack(this.#tenantId, kind, this.#taken[kind])
  }
}
