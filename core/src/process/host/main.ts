// What runs in a plugin's own process. It is bundled into one file, so that nothing else on the machine has to be read.
import { Socket } from 'node:net'
import { codeOfPlugin } from './code-of-plugin.ts'
import { hideSurroundings } from './hide-surroundings.ts'
import { hostGroup } from './host-group.ts'
import { hostPlugin } from './plugin-host.ts'
import { kyselyFor } from './kysely-for.ts'
import { settleMemory } from './settle-memory.ts'
import { watchDenials } from './watch-denials.ts'

/** The stream to the kernel, and nothing else of it. */
const DESCRIPTOR = 3

// A process that several plugins share is told so.
const host = process.argv.includes('group') ? hostGroup : hostPlugin
hideSurroundings([import.meta.url, ...process.execArgv.filter((flag) => flag.startsWith('--import=')).map((flag) => flag.slice('--import='.length))])

host(new Socket({ fd: DESCRIPTOR, readable: true, writable: true }), {
  load: ({ code, file }) => {
    if (code === undefined) throw new Error('The kernel sent no code.')
    return codeOfPlugin(code, file)
  },
  kyselyOn: kyselyFor,
  watchDenials,
  opened: settleMemory(),
  ended: () => { process.exit(0) },
})
