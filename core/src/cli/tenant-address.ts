import type { Config } from '../config.ts'

/** Where a tenant answers, as a browser on this machine reaches it. */
export function addressOf(slug: string, { baseDomain }: Pick<Config, 'baseDomain'>, port: number): string {
  return `http://${slug}.${baseDomain}${port === 80 ? '' : `:${port}`}`
}
