// Installs or removes a release in a process of its own, which kills itself where it is told to.
import { BY, openPlatform } from './releases-kit.ts'

const [folder = '', what = '', spec = '', at = ''] = process.argv.slice(2)
const platform = await openPlatform(folder, { reached: (point) => { if (point === at) process.kill(process.pid, 'SIGKILL') } })
if (what === 'install') await platform.releases.install(spec, '/', BY)
else await platform.releases.remove(spec, undefined, BY)
await platform.stop()
