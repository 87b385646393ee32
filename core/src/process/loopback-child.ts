import { duplexPair } from 'node:stream'
import type { Plugin } from '@liberacces/sdk'
import { hostPlugin } from './host/plugin-host.ts'
import { kyselyFor } from './host/kysely-for.ts'
import type { Child } from './child.ts'

/** A plugin in this process that is reached as one in a process of its own, by the same words over a stream: for tests, where it may be a closure. */
export function openLoopbackChild(plugin: Plugin): Child {
  const [near, far] = duplexPair()
  const { promise: exited, resolve } = Promise.withResolvers<string>()
  hostPlugin(far, { load: () => Promise.resolve(plugin), kyselyOn: kyselyFor, ended: () => { resolve('ended by itself') } })
  return {
    pid: undefined, channel: near, walls: [], exited,
    memory: () => Promise.resolve(undefined),
    kill: () => {
      near.destroy()
      far.destroy()
      resolve('killed by the platform')
    },
  }
}
