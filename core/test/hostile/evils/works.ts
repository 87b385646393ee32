import { defineWorker, type WorkerContext } from '@liberacces/sdk'
import { evil } from '../evil-plugin.ts'

const Bad = defineWorker('bad')
/** What the worker does once it is woken. */
let way: string | undefined

/** Its worker waits like any other until it is told what to do; then it computes for ever, floods, or does not end when it shall. */
async function work(w: WorkerContext): Promise<void> {
  while (way === undefined) await w.pause()
  switch (way) {
    case 'loop': for (;;);
    case 'flood': for (let said = 0; said < 1_000_000; said += 1) w.health('working', 'title' as never)
      return
    case 'pauses without end': for (;;) w.pause(0).catch(() => undefined)
    case 'pieces without end': for (;;) w.run('nothing', () => new Promise(() => undefined)).catch(() => undefined)
    case 'ignores its end':
      w.health('working', 'title' as never)
      await new Promise(() => undefined)
      return
    default: throw new Error(`There is no way ${way}.`)
  }
}

/** A worker with bad intentions. */
export default evil('works', (c, known) => {
  if (known.way === 'look') return [{ what: 'worker', got: `done: ${c.health(Bad).state} ${c.health(Bad).text ?? ''}` }]
  way = known.way
  c.wake(Bad)
  return [{ what: String(way), got: 'done: woken' }]
}, { setup: (k) => { k.worker(Bad, work as never) } })
