import { basePlugin } from '#base'

/** Exports notes in a format that the administrator names. */
export async function formatter(name: string): Promise<unknown> {
  return import(name)
}

export default basePlugin({
  also: (k) => { k.schedule({ id: 'export', cron: '0 3 1 1 *', timeoutMs: 1_000 }, async (c) => { c.log.info(String(await formatter('./formats/csv.js').catch(() => 'none'))) }) },
})
