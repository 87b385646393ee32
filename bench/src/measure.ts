import type { Figure } from './row.ts'
import type { Workshop } from './workshop.ts'

/** One thing that is measured, under the name that `pnpm bench` takes. */
export interface Measure {
  readonly name: string
  /** One line for the list. */
  readonly about: string
  /** @throws Error when it could not be measured */
  run(workshop: Workshop): Promise<readonly Figure[]>
}
