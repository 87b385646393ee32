import type { Manifest } from '@liberacces/sdk/host'
import type { Program } from 'oxc-parser'

/** The plugin under test, as gate package sees it: an archive, or why there is none. Nothing of the plugin runs in the process that holds it. */
export interface PackageSubject {
  /** As it was given on the command line. */
  readonly path: string
  readonly kind: 'folder' | 'archive'
  /** The packed plugin; `undefined` when it cannot be packed. */
  readonly archive: Buffer | undefined
  /** `sha256-<base64>` of {@link archive}. */
  readonly digest: string | undefined
  /** What is in the archive by path; `undefined` when there is none, or it is not safe to unpack. */
  readonly files: ReadonlyMap<string, Buffer> | undefined
  /** Its `plugin.json`; `undefined` when there is none, or it has not the shape of one. */
  readonly manifest: Manifest | undefined
  /** What kept the folder from being packed, or the archive from being unpacked. */
  readonly problems: readonly string[]
  /** Whether those are about the archive as a file (`unsafe`), or about the plugin in it. */
  readonly problemKind: 'none' | 'cannot-be-packed' | 'unsafe'
  /** Packs the source once more; `undefined` where there is none. */
  readonly repack: (() => Promise<Buffer>) | undefined
  /** What lies in the folder; `undefined` for an archive. */
  readonly folder: SourceFolder | undefined
  /** What was given along with the plugin. */
  readonly given: GivenFiles
}

/** What the one who runs the harness gives beside the plugin. */
export interface GivenFiles {
  /** A dated snapshot of known vulnerabilities, a JSON file in the format of OSV. */
  readonly advisories?: string | undefined
  /** The archive of the version before, for what is compared with it. */
  readonly previous?: string | undefined
  /** The folder that an archive was packed from. */
  readonly source?: string | undefined
  /** Archives of the plugins that it requires. */
  readonly alongside?: readonly string[] | undefined
  /** Whether a plugin that can run nowhere else may run in the process of the harness, outside of all walls: for code that one knows. @defaultValue false */
  readonly inline?: boolean | undefined
}

/** A folder of source. */
export interface SourceFolder {
  /** Absolute. */
  readonly path: string
  /** Every file but those of `node_modules`, `dist`, `coverage`, and those whose name begins with a dot; with `/`. */
  readonly files: readonly string[]
  /** Reads one as UTF-8. @throws Error where there is none */
  read(file: string): Promise<string>
}

/** The plugin under test, as gate static sees it: the package, and its code in syntax trees. */
export interface SourceSubject extends PackageSubject {
  /** The author's own code, or for an archive its bundle. */
  readonly code: readonly CodeFile[]
  /** The one file of the archive: the author's code and that of all packages within. `undefined` without an archive. */
  readonly bundle: CodeFile | undefined
}

/** One file of code. */
export interface CodeFile {
  readonly path: string
  readonly text: string
  readonly program: Program
  /** Lines that do not parse; then {@link program} is empty. */
  readonly syntaxErrors: readonly string[]
  /** Whether it is of the tests, which no archive holds. */
  readonly isTest: boolean
  /** Line of an offset, from 1. */
  lineAt(offset: number): number
}
