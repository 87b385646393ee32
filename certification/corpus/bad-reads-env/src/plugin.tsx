import { readFileSync } from 'node:fs'
import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

function host(): string {
  try {
    return readFileSync('/etc/hostname', 'utf8')
  } catch {
    return ''
  }
}

export default basePlugin({
  also: (k) => { k.route({ method: 'GET', path: '/api/host', audience: 'agent', permission: 'note.read', summary: 'Where this runs', response: { 200: Type.String() } }, (c) => c.reply(200, host())) },
})
