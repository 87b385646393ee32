import { access } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the creator finds what it copies, and the platform's packages. */
export interface Home {
  /** Holds a folder for each template. */
  readonly templates: string
  /** What every plugin gets besides its template. */
  readonly common: string
  /** The copy of the platform's sources that it runs from; `undefined` where it was installed as a package. */
  readonly workspace: string | undefined
}

/** Finds both, from the package that this file lies in. */
export async function findHome(): Promise<Home> {
  const own = join(import.meta.dirname, '..')
  const workspace = join(own, '../..')
  const inWorkspace = await access(join(workspace, 'pnpm-workspace.yaml')).then(() => true, () => false)
  return { common: join(own, 'common'), ...(inWorkspace ? { templates: join(own, '..'), workspace } : { templates: join(own, 'templates'), workspace: undefined }) }
}
