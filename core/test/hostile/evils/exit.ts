import { evil } from '../evil-plugin.ts'

/** Ends its own process, in the middle of a call. */
export default evil('exit', (_, { way }) => {
  switch (way) {
    case 'success': process.exit(0); break
    case 'really': (process as unknown as { reallyExit(code: number): void }).reallyExit(0); break
    case 'abort': process.abort(); break
    case 'kill': process.kill(process.pid, 'SIGKILL'); break
    case 'throw': setImmediate(() => { throw new Error('thrown where nobody waits') }); break
    case 'reject': void Promise.reject(new Error('rejected where nobody waits')); break
    default: process.exitCode = 1; process.exit()
  }
  return new Promise(() => undefined)
})
