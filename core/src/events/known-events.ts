import type { EventContract, KnownEvent, Locale } from '@liberacces/sdk'
import { textIn } from '../localized-text.ts'
import { KERNEL_CONTRACTS } from '../mail/stored-mail.ts'
import type { Modules } from '../lifecycle/modules.ts'
import type { LoadedRelease } from '../runtime/release.ts'

/** The events that a tenant's releases emit or listen to, by id; of those who emit one, the first has the word on its schema. Pure. */
export function knownEvents({ releases }: Modules, locale: Locale): readonly KnownEvent[] {
  const ids = new Set(releases.flatMap((release) => [...emittedBy(release), ...heardBy(release)].map(({ id }) => id)))
  return [...ids].filter((id) => !id.startsWith(KERNEL_CONTRACTS)).toSorted().flatMap((id): readonly KnownEvent[] => {
    const contract = findContract(releases, id)
    if (contract === undefined) return []
    const titles = (contracts: (release: LoadedRelease) => readonly EventContract[]): readonly string[] =>
      releases.filter((release) => contracts(release).some((one) => one.id === id)).map(({ manifest }) => textIn(locale, manifest.title))
    return [{ id, subject: contract.subject, schema: contract.schema, emittedBy: titles(emittedBy), heardBy: titles(heardBy) }]
  })
}

/** The contract of an event as the tenant's releases know it; `undefined` for the kernel's own, and where nobody knows it. */
export function contractOf({ releases }: Modules, id: string): EventContract | undefined {
  return id.startsWith(KERNEL_CONTRACTS) ? undefined : findContract(releases, id)
}

function findContract(releases: readonly LoadedRelease[], id: string): EventContract | undefined {
  for (const contracts of [emittedBy, heardBy]) {
    for (const release of releases) {
      const found = contracts(release).find((one) => one.id === id)
      if (found !== undefined) return found
    }
  }
  return undefined
}

function emittedBy({ plugin }: LoadedRelease): readonly EventContract[] {
  return plugin.emits ?? []
}

function heardBy({ registrations }: LoadedRelease): readonly EventContract[] {
  return registrations.handlers.flatMap(({ event }) => (event === 'any' ? [] : [event]))
}
