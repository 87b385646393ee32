import { manifestOf, type Manifest } from '@liberacces/sdk/host'
import { checkPlugin } from '../catalogue/check-manifest.ts'
import { NOBODY_CALLED } from '../catalogue/described-release.ts'
import { problemsAsOne } from '../catalogue/problems-as-one.ts'
import { PlatformError } from '../errors.ts'
import { restorePlugin } from '../process/restore-plugin.ts'
import { remoteArchive } from './remote-archive.ts'
import { descriptionOf } from './remote-description.ts'

/**
 * Makes a release of what an application says of itself.
 * @throws PlatformError `REMOTE_INVALID`, `MANIFEST_INVALID`, `PLUGIN_SDK_UNSUPPORTED`: all that is wrong with it, as of any plugin
 */
export async function packApplication(told: unknown): Promise<{ readonly manifest: Manifest; readonly archive: Buffer }> {
  const description = descriptionOf(told)
  let restored
  try {
    restored = restorePlugin(description, NOBODY_CALLED.forward)
  } catch (cause) {
    throw new PlatformError('REMOTE_INVALID', `The plugin.json of the application is none: ${cause instanceof Error ? cause.message : String(cause)}`, { fix: 'Correct it: docs/reference/remote-protocol.json says what it looks like.', cause })
  }
  const manifest = manifestOf(restored.plugin, restored.registrations)
  const problems = checkPlugin(manifest, restored.plugin, restored.registrations)
  if (problems.length > 0) throw problemsAsOne(problems)
  return { manifest, archive: await remoteArchive(manifest, description) }
}
