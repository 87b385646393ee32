/** What an answer may say of a partner that is away, where the route declares it. */
export const OF_PARTNERS: ReadonlySet<number> = new Set([502, 503, 504])
