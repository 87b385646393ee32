/** TLS of a connection. The certificate must be good for the host; there is no way to do without that. */
export interface ConnectTls {
  /** Certificates to trust instead of the machine's, in PEM: those of an authority of one's own. */
  readonly ca?: string
  /** Name the certificate must be good for. @defaultValue the host */
  readonly servername?: string
  /** Own certificate and key, in PEM, where who is there wants to know who asks. */
  readonly cert?: string
  readonly key?: string
}

/** Where a connection leads. */
export interface ConnectTarget {
  /** Name or address, IPv6 without brackets. */
  readonly host: string
  /** 1 to 65 535. */
  readonly port: number
  /** Without it the connection is plain, which works only where the operator of the platform named the host (`LIBERACCES_EGRESS_ALLOW`). */
  readonly tls?: ConnectTls
}
