import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** What a process in which code of others may run is told of the surroundings: where programs, the home of tools and temporary files are, and how texts are read. */
const TOLD = ['PATH', 'HOME', 'USER', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TMP', 'TEMP', 'SystemRoot', 'ComSpec', 'PATHEXT', 'LIBERACCES_BROWSER_FOLDER', 'LIBERACCES_CERTIFY_TEMP'] as const

/** The environment of such a process: no token or password that whoever runs the harness has in theirs. */
export function environment(): Readonly<Record<string, string>> {
  return { ...settings(), ...Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value !== undefined && ((TOLD as readonly string[]).includes(name) || name.startsWith('LC_')) ? [[name, value]] : []))) }
}

/** A program that lies beside a module, as source or built. */
export function programBeside(url: string, name: string): string {
  const own = fileURLToPath(url)
  return join(own, '..', `${name}.${own.endsWith('.ts') ? 'ts' : 'js'}`)
}

/** In the repository the source runs as it is. */
export function loader(): readonly string[] {
  return import.meta.url.endsWith('.ts') ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : []
}

/** The settings of the repository for its own sources, whatever those of the folder are that the command is called in. */
function settings(): Readonly<Record<string, string>> {
  return import.meta.url.endsWith('.ts') ? { TSX_TSCONFIG_PATH: fileURLToPath(new URL('../../../tsconfig.json', import.meta.url)) } : {}
}
