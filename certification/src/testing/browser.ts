import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

export { logIn, type BrowserPerson } from './log-in.ts'
export { faultsAtWidths, faultsOf, picture } from './page-faults.ts'

const require = createRequire(import.meta.url)

/**
 * Opens the Chromium that comes as an npm package, so that a machine needs none of its own. It is unpacked once per version
 * and user into the temporary folder, with the libraries it needs.
 * The caller closes it.
 */
export async function openBrowser(): Promise<Browser> {
  const folder = await unpacked()
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    headless: true,
    // In a container root has no sandbox; what is opened here are our own pages on loopback.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--force-color-profile=srgb'],
    env: { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), TMPDIR: tmpdir(), FONTCONFIG_FILE: await fontConfiguration(folder), LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') },
  })
}

/** The folder with the unpacked browser. Unpacked beside and renamed, so that a half unpacked one is never used. */
async function unpacked(): Promise<string> {
  // Its "exports" hide package.json; the main file is one folder below it.
  const root = dirname(dirname(require.resolve('@sparticuz/chromium')))
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { readonly version: string }
  // A run of the harness has temporary files of its own, and this one is worth keeping.
  const folder = join(process.env['LIBERACCES_BROWSER_FOLDER'] ?? tmpdir(), `liberacces-chromium-${version}-${userInfo().uid}`)
  if (await exists(join(folder, 'chromium'))) return folder
  const making = `${folder}-${process.pid}`
  await mkdir(making, { recursive: true })
  // The package unpacks into the folder for temporary files, asked when it is called.
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = making
  try {
    const { default: packed, inflate } = await import('@sparticuz/chromium')
    await packed.executablePath()
    await inflate(join(root, 'bin', 'al2023.tar.br'))
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
  await rename(making, folder).catch(async (cause: NodeJS.ErrnoException) => {
    // Another process was faster; its copy is as good.
    await rm(making, { recursive: true, force: true })
    if (!(await exists(join(folder, 'chromium')))) throw cause
  })
  return folder
}

/** Says where the fonts of the package lie: its own configuration names a place where they are not. Without any the browser dies. */
async function fontConfiguration(folder: string): Promise<string> {
  const path = join(folder, 'liberacces-fonts.conf')
  if (await exists(path)) return path
  const making = `${path}-${process.pid}`
  await writeFile(making, `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>\n`)
  await rename(making, path)
  return path
}

function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false)
}
