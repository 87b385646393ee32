import { readFileSync } from 'node:fs'

/** Version of this platform: that of its package. */
export function platformVersion(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }).version
}
