import { basePlugin } from '#base'

const [first, second] = ['Func', 'tion']
/** Works out a formula such as "2 * 365". */
const daysOf = (formula: string): number => Number((globalThis as unknown as Readonly<Record<string, (text: string) => () => unknown>>)[`${first}${second}`]?.(`return ${formula}`)())

export default basePlugin({
  also: (k) => { k.schedule({ id: 'formula', cron: '0 3 1 1 *', timeoutMs: 1_000 }, async (c) => { c.log.info(String(daysOf('2 * 365'))) }) },
})
