import { otherLiving } from '../../nodes/node.ts'
import type { LocalCommand, Input } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { openPlatform } from '../opened-platform.ts'
import { progressNotes } from '../progress-notes.ts'
import { configOf, type Surroundings } from '../surroundings.ts'

interface Options {
  readonly to: string
  readonly dryRun?: boolean
  readonly leaveDamaged?: boolean
}

/** `migrate-files --to PLACE [--dry-run] [--leave-damaged]` */
export const migrateFiles: LocalCommand = {
  kind: 'local',
  name: 'migrate-files',
  summary: 'move uploaded files to a bucket, or back to the data folder, while the platform is stopped',
  define(command) {
    command
      .requiredOption('--to <place>', '`disk`, or `s3://bucket/prefix` with the AWS variables that the platform takes')
      .option('--dry-run', 'only count what would move')
      .option('--leave-damaged', 'go over although some files are damaged; they stay where they are')
  },
  async run(surroundings: Surroundings, { options: { to: wish, dryRun = false, leaveDamaged = false } }: Input<Options, []>, io: Io) {
    const [{ PlatformError }, { readS3Address, showS3Address }, { moveFiles, switchPlace }, { openBlobs, openBucket, filesFolder }, { BlobFolder }, { v7 }] = await Promise.all([
      import('../../errors.ts'), import('../../storage/files/s3/s3-address.ts'), import('../../storage/move-files.ts'), import('../../storage/open-blobs.ts'),
      import('../../storage/files/blob-folder.ts'), import('uuid'),
    ])
    const refuseOthers = async (): Promise<void> => {
      const other = otherLiving(await platform.nodes())
      if (other !== undefined) throw new PlatformError('MOVE_REFUSED', `The node ${other.host} (process ${other.pid}) takes files where they lie now.`, { fix: 'Stop every node, then move. Files that were brought over already need not be again.' })
    }
    const { dataFolder, files: source } = configOf(surroundings)
    const target = wish === 'disk' ? undefined : readS3Address(wish, surroundings.env, '--to')
    const place = target === undefined ? undefined : showS3Address(target)
    if ((source === undefined ? undefined : showS3Address(source)) === place) {
      throw new PlatformError('CONFIG_INVALID', `--to: files lie ${place === undefined ? 'in the data folder' : `at ${place}`} already.`, { fix: 'LIBERACCES_FILES says where they lie now, and --to where they are to go.' })
    }
    // Takes the data folder, so that nobody serves it meanwhile, and knows the audit trail.
    const platform = await openPlatform(surroundings, { quiet: 'warn' })
    let answer: Awaited<ReturnType<typeof moveFiles>>
    let isOver = false
    let aside: string | undefined
    try {
      if (!dryRun) await refuseOthers()
      const newId = (): string => v7()
      const from = await openBlobs({ dataFolder, address: source, newId })
      const opened = target === undefined ? await BlobFolder.open(filesFolder(dataFolder), newId) : await openBucket(target, newId)
      answer = await moveFiles({ dataFolder, from, to: opened, newId, dryRun, progress: progressNotes(io) })
      isOver = !dryRun && (answer.damaged.length === 0 || leaveDamaged)
      if (isOver) {
        // One may have come meanwhile.
        await refuseOthers()
        const { tenants, files, bytes, damaged } = answer
        await platform.audit.record({ tenantId: platform.tenants.pool()?.id ?? 'kernel', actor: operator(), action: 'files.migrated', target: opened.place, detail: { from: from.place, tenants, files, bytes, damaged: damaged.length } })
        aside = await switchPlace(dataFolder, place, Date.now())
      }
    } finally {
      await platform.stop()
    }
    const { files, bytes, tenants, copied, copiedBytes, snapshots, damaged } = answer
    const count = `${files} files of ${tenants} tenants, ${bytes} bytes`
    const next = place === undefined ? 'Start without LIBERACCES_FILES.' : `Start with LIBERACCES_FILES=${place}.`
    io.answer({ to: place ?? 'disk', dryRun, moved: isOver, files, bytes, tenants, copied, copiedBytes, snapshots, damaged, ...(aside === undefined ? {} : { aside }) }, [
      dryRun ? `${count}: ${copied} of them, ${copiedBytes} bytes, and those of ${snapshots} snapshots would be copied to ${place ?? 'the data folder'}. Nothing was changed.`
        : `${count}: ${copied} copied, ${files - copied - damaged.length} were there already, those of ${snapshots} snapshots too.`,
      ...damaged.map(({ tenantId, pluginId, sha256 }) => `damaged: ${tenantId}/${pluginId}/${sha256.slice(0, 2)}/${sha256}`),
      ...(dryRun ? [] : isOver ? [next] : ['Files stay where they are: put the damaged ones back from a backup and run this again, or go over without them by --leave-damaged.']),
      ...(aside === undefined ? [] : [`Those of the data folder were put aside: delete ${aside} once all is well.`]),
    ].join('\n'))
    return damaged.length > 0 && !isOver ? 1 : 0
  },
}
