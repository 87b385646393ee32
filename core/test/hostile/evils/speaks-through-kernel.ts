import { attempts, evil } from '../evil-plugin.ts'

/** Has the kernel fetch what it may not reach itself: hosts that it did not name, and addresses of this machine under a name that it did. */
export default evil('speaks-through-kernel', (c, { tcp = 0 }) => attempts({
  'a host that is not declared': async () => (await c.fetch('https://other.example/')).status,
  'this machine, by number': async () => (await c.fetch(`https://127.0.0.1:${tcp}/`)).status,
  'this machine, by number, in clear': async () => (await c.fetch(`http://127.0.0.1:${tcp}/`)).status,
  'this machine, by a name that was declared': async () => (await c.fetch(`https://localhost:${tcp}/`)).status,
  'this machine, in other words': async () => (await c.fetch(`https://[::ffff:7f00:1]:${tcp}/`)).status,
  'a file': async () => (await c.fetch('file:///etc/passwd')).text(),
  'data': async () => (await c.fetch('data:text/plain,hello')).text(),
}), { scopes: ['db', 'net:localhost', 'net:127.0.0.1'] })
