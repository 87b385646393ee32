import type { DemoContext } from '@liberacces/sdk'
import type { LoadedRelease } from './release.ts'
import type { Origin, Runtime } from './runtime.ts'

/** Longest a plugin may take to fill one tenant, in milliseconds. */
const DEMO_LIMIT_MS = 60_000

/** Lets a plugin fill a tenant with its demonstration data. The same tenant and plugin always get the same chance. */
export async function fillDemo(runtime: Runtime, release: LoadedRelease, origin: Origin): Promise<void> {
  const { demo } = release.plugin
  if (demo === undefined) return
  await runtime.call(release, origin, { what: 'demo data', limitMs: DEMO_LIMIT_MS }, (c) =>
    (demo as (c: unknown) => Promise<void>)(Object.assign(c, { random: seeded(`${origin.tenant.info.slug} ${release.manifest.id}`) } satisfies Pick<DemoContext<never>, 'random'>)))
}

/** Repeatable chance from a text (FNV-1a, then Mulberry32; both public domain). Not for secrets. */
function seeded(text: string): () => number {
  let state = 0x811c9dc5
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
