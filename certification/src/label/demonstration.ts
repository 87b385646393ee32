import { createPublicKey } from 'node:crypto'
import { readTrustRoot } from '@liberacces/core'
import { emptyStatusList, signStatusList } from './change-status.ts'
import { addressesOf, makeRoot } from './make-root.ts'
import { makeOfficerKey, readOfficerKey } from './officer-key.ts'

/** A certifier for trying out: three officers, any two of whom sign. Its keys are worth nothing to anybody who does not choose to trust it. */
export interface Demonstration {
  /** Path to content: keys, root of trust, empty status list. */
  readonly files: ReadonlyMap<string, string | Buffer>
}

const ID = 'https://gie-demonstration.invalid'

/** Makes keys, a root of trust that they signed, and a status list without labels. */
export function makeDemonstration(now: number): Demonstration {
  const officers = [1, 2, 3].map((number) => ({ name: `officer-${number}`, holder: `Officier de démonstration ${number}`, ...makeOfficerKey() }))
  const keys = officers.map(({ name, privatePem }) => readOfficerKey(privatePem, name))
  const root = makeRoot({
    id: ID, name: 'GIE de démonstration', threshold: 2, now, keys: keys.slice(0, 2),
    officers: officers.map(({ publicPem, holder }) => ({ key: createPublicKey(publicPem), holder })),
  })
  return {
    files: new Map<string, string | Buffer>([
      ...officers.flatMap(({ name, privatePem, publicPem }) => [[`${name}.pem`, privatePem], [`${name}.pub.pem`, publicPem]] as const),
      ['root.json', root],
      // As a certifier would tell it by the telephone.
      ['fingerprint.txt', `${readTrustRoot(root).fingerprint}\n`],
      ['status.json', signStatusList(emptyStatusList(addressesOf(ID).status, now), keys.slice(0, 2))],
    ]),
  }
}
