/** Who does what the harness itself does, in the audit trail. */
export const CERTIFIER = { kind: 'operator', id: 'certifier', name: 'Certification' } as const
