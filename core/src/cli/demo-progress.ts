import type { WriteStream } from 'node:tty'
import type { DemoProgress } from '../demo/fill-demo.ts'

/** Width of the bar, in characters. */
const WIDTH = 24

/** Shows a demonstration coming along: a bar on a terminal, a line for each tenant elsewhere. */
export function demoProgress(terminal: Pick<WriteStream, 'isTTY' | 'columns' | 'write'>, isDumb: boolean): DemoProgress {
  const bar = terminal.isTTY && !isDumb
  const clear = bar ? '\r\u001b[K' : ''
  return {
    tenant({ info }, done, total, { plugins, accounts }) {
      const count = `${String(done).padStart(String(total).length)}/${total}`
      if (!bar) {
        const what = [plugins > 0 ? `${plugins} module${plugins > 1 ? 's' : ''}` : '', `${accounts} compte${accounts > 1 ? 's' : ''}`].filter((text) => text !== '').join(', ')
        terminal.write(`[${count}] ${info.name} : ${what}\n`)
        return
      }
      const filled = Math.round((done / total) * WIDTH)
      terminal.write(`${clear}${`[${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}] ${count} ${info.name}`.slice(0, (terminal.columns || 80) - 1)}${done === total ? clear : ''}`)
    },
    problem({ message, fix }) {
      terminal.write(`${clear}Attention : ${message} ${fix}\n`)
    },
  }
}
