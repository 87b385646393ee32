import { AsyncLocalStorage } from 'node:async_hooks'
import type { Duplex } from 'node:stream'
import { CpuShares } from '../../runtime/cpu-shares.ts'
import { Lanes } from '../group/lanes.ts'
import { hostPlugin, type HostDeps } from './plugin-host.ts'

type Told = (what: string) => void

/** Runs several plugins for a kernel at the other end of a stream, each on a lane of its own. */
export function hostGroup(stream: Duplex, { load, kyselyOn, watchDenials, opened: settled, ended }: Omit<HostDeps, 'shares' | 'within'>): void {
  // Whose code it is that runs.
  const running = new AsyncLocalStorage<{ denied?: Told }>()
  const shares = new CpuShares()
  watchDenials?.((what) => { running.getStore()?.denied?.(what) })
  new Lanes(stream, {
    ended,
    opened: (lane) => {
      const own: { denied?: Told } = {}
      hostPlugin(lane, {
        kyselyOn, shares, load, ...(settled === undefined ? {} : { opened: settled }),
        watchDenials: (denied) => { own.denied = denied },
        within: (body) => running.run(own, body),
        ended: () => { lane.end() },
      })
    },
  })
}
