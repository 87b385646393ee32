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
}
