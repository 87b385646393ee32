import { Header } from 'tar'
import { labelFault } from './label-fault.ts'

/** Files of a bundle, in their order; the first three are always there. */
export const BUNDLE_FILES = ['package.tgz', 'label.json', 'root.json', 'status.json', 'sbom.json', 'test-result.json'] as const
/** One of {@link BUNDLE_FILES}. */
export type BundleFile = (typeof BUNDLE_FILES)[number]
/** Everything that a site without network needs to install a release and to trust it. */
export type LabelBundle = Readonly<Record<'package.tgz' | 'label.json' | 'root.json', Buffer>> & Readonly<Partial<Record<BundleFile, Buffer>>>

/** Largest bundle, in bytes: the largest archive, and room for what tells of it. */
export const MOST_BUNDLE_BYTES = 67_108_864
const BLOCK = 512
const EPOCH = new Date('1985-10-26T08:15:00Z')

/** Writes a bundle: a plain tar file, the same bytes for the same parts. */
export function writeBundle(parts: LabelBundle): Buffer {
  const blocks = BUNDLE_FILES.flatMap((name) => {
    const content = parts[name]
    if (content === undefined) return []
    const block = Buffer.alloc(BLOCK)
    new Header({ path: name, mode: 0o644, size: content.length, mtime: EPOCH, type: 'File' }).encode(block, 0)
    return [block, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])
}

/** Whether a file might be a bundle, by its first bytes: a tar file whose first entry is the archive. */
export function looksLikeBundle(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, BUNDLE_FILES[0].length + 1)).toString('latin1') === `${BUNDLE_FILES[0]}\0`
}

/**
 * Reads a bundle. Takes the one form that {@link writeBundle} writes: no byte of it can be changed unnoticed that no signature covers.
 * @throws PlatformError `LABEL_INVALID`
 */
export function readBundle(bytes: Uint8Array): LabelBundle {
  const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (given.length > MOST_BUNDLE_BYTES) throw wrong(`it has ${given.length} bytes, and ${MOST_BUNDLE_BYTES} are the most`)
  const parts: Partial<Record<BundleFile, Buffer>> = {}
  let at = 0
  while (at + BLOCK <= given.length && given[at] !== 0) {
    const { path, size, cksumValid } = headerAt(given, at)
    const name = BUNDLE_FILES.find((file) => file === path)
    if (!cksumValid || name === undefined || size === undefined || parts[name] !== undefined) throw wrong(`it has an entry that none has, or twice, at byte ${at}`)
    if (at + BLOCK + size > given.length) throw wrong('it ends too early')
    parts[name] = given.subarray(at + BLOCK, at + BLOCK + size)
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  if (!isWhole(parts)) throw wrong('the archive, the label or the root of trust is missing')
  if (Buffer.compare(writeBundle(parts), given) !== 0) throw wrong('it is not written as bundles are')
  return parts
}

function headerAt(bytes: Buffer, at: number): Header {
  try {
    return new Header(bytes, at)
  } catch (cause) {
    throw wrong(`its entry at byte ${at} cannot be read`, cause)
  }
}

function isWhole(parts: Partial<Record<BundleFile, Buffer>>): parts is LabelBundle {
  return parts['package.tgz'] !== undefined && parts['label.json'] !== undefined && parts['root.json'] !== undefined
}

function wrong(why: string, cause?: unknown): Error {
  return labelFault('LABEL_INVALID', `This is no sound .labelbundle: ${why}.`, 'It was damaged on its way, or is another file: get it again.', cause)
}
