/** Who makes a request, as found by the kernel. Frozen. */
export interface Principal {
  readonly kind: 'account' | 'anonymous' | 'system'
  readonly id: string
  readonly name: string
  readonly email: string | undefined
  readonly roles: readonly string[]
  /** Full names of the permissions held, `<plugin id>/<permission>`, on this tenant. */
  readonly permissions: ReadonlySet<string>
  /** How the person proved it; only a cookie needs protection against forged requests. */
  readonly via: 'cookie' | 'token' | 'none'
  /** Token that this session's forms carry; empty without a session. */
  readonly csrfToken: string
  /** How the person came in who has no account on this tenant; left out for everybody else. */
  readonly entry?: Entry
  /** Looks and changes nothing, whatever the permissions. */
  readonly readOnly?: boolean
}

/** How somebody acts on a tenant without an account there. */
export type Entry =
  /** An operator of the Pool, for a time. `endsAt` in milliseconds since the Unix epoch. */
  | { readonly kind: 'grant'; readonly grantId: string; readonly reason: string; readonly endsAt: number }
  /** With an account of the tenant above. */
  | { readonly kind: 'guest'; readonly homeId: string }
  /** No person: a plugin of a satellite that uses a contract which this tenant shares. */
  | { readonly kind: 'share'; readonly satelliteId: string }
