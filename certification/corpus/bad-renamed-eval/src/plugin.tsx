import { basePlugin } from '#base'

const Formula = Function
/** Works out a formula such as "2 * 365". */
const daysOf = (formula: string): number => Number(new Formula(`return ${formula}`)())

export default basePlugin({
  also: (k) => { k.schedule({ id: 'formula', cron: '0 3 1 1 *', timeoutMs: 1_000 }, async (c) => { c.log.info(String(daysOf('2 * 365'))) }) },
})
