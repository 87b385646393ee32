// A node of a platform: opens it as the JSON of its argument says, serves, tells its port by IPC, and does what it is told by IPC, until it is
// stopped in order (SIGTERM) or killed.
import { createPlatform, givenPlugin, readConfig } from '@liberacces/core'
import { machineOutside } from './machine-outside.ts'
import { auditor, LEDGER } from '../kernel/ledger-plugin.ts'
import { OPERATOR } from '../kernel/kernel-kit.ts'
import type { NodeCommand, NodeReply, NodeWish } from './node-messages.ts'

const wish = JSON.parse(process.argv[2] ?? '{}') as NodeWish
let crashAt: string | undefined
let holdAt: string | undefined
let held: PromiseWithResolvers<void> | undefined
const platform = await createPlatform({
  config: readConfig({ PORT: '0', LIBERACCES_DATA: wish.data, LIBERACCES_DATABASE_URL: wish.url, LIBERACCES_SECRET_FILE: wish.secretFile, LIBERACCES_STOP_DELAY: String(wish.stopDelaySeconds), LIBERACCES_LOG: process.env['LIBERACCES_TEST_LOG'] ?? 'fatal' }, wish.data),
  plugins: [LEDGER.first, LEDGER.colour, auditor()].map(givenPlugin),
  nodeTimes: wish.times,
  outside: machineOutside(wish.skewMs, async (point) => {
    if (point === crashAt) process.kill(process.pid, 'SIGKILL')
    if (point !== holdAt) return
    held = Promise.withResolvers<void>()
    await held.promise
  }),
})
const say = (reply: NodeReply): void => { process.send?.(reply) }
process.on('SIGTERM', () => {
  void platform.leave().then(() => platform.stop()).then(() => { process.exit(0) })
})
process.on('message', (command: NodeCommand) => {
  const work = async (): Promise<unknown> => {
    const by = OPERATOR
    switch (command.do) {
      case 'prepare': {
        await platform.tenants.create({ kind: 'pool', name: 'Pool' }, by)
        for (let number = 1; number <= command.tenants; number += 1) {
          const { id } = await platform.tenants.create({ kind: 'commune', name: `Commune ${number}` }, by)
          await platform.installations.enable(id, 'fr.test.ledger', '1.0.0', by)
          await platform.installations.enable(id, 'fr.test.auditor', '*', by)
        }
        return undefined
      }
      case 'upgrade': return await platform.installations.upgrade(tenantId(command.tenant), 'fr.test.ledger', { range: '1.1.0', by })
      case 'rollback': return await platform.installations.rollback(tenantId(command.tenant), 'fr.test.ledger', { by })
      case 'switch': {
        const id = tenantId(command.tenant)
        return command.on ? await platform.installations.enable(id, 'fr.test.ledger', '*', by) : await platform.installations.disable(id, 'fr.test.ledger', by)
      }
      case 'running': return platform.installations.modules(tenantId(command.tenant)).byId.get('fr.test.ledger')?.manifest.version
      case 'crash': {
        crashAt = command.at
        return undefined
      }
      case 'hold': {
        holdAt = command.at
        return undefined
      }
      case 'isHeld': return held !== undefined
      case 'letGo': {
        holdAt = undefined
        held?.resolve()
        return undefined
      }
      case 'settle': {
        await platform.events.settle()
        return undefined
      }
      default: return command satisfies never
    }
  }
  work().then((result) => { say({ id: command.id, result }) }, (error: unknown) => { say({ id: command.id, error: `${(error as { readonly code?: string }).code ?? ''} ${String(error)}` }) })
})
function tenantId(number: number): string {
  const found = platform.tenants.bySlug(`commune-${number}`)
  if (found === undefined) throw new Error(`There is no commune ${number} here yet.`)
  return found.id
}
say({ id: 0, result: (await platform.listen()).port })
