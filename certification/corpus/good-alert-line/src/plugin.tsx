import { defineWorker } from '@liberacces/sdk'
import { basePlugin } from '#base'

const Line = defineWorker('line')

export default basePlugin({
  scopes: ['db', 'mail:send', 'tcp:alertes.zz-vendor.fr:4000'],
  also: (k) => {
    k.worker(Line, async (w) => {
      const socket = await w.connect({ host: 'alertes.zz-vendor.fr', port: 4000, tls: {} })
      let heard = Buffer.alloc(0)
      for await (const bytes of socket) {
        heard = Buffer.concat([heard, bytes as Buffer])
        const end = heard.indexOf('\r\n')
        if (end < 0) continue
        const [word, size = '0'] = heard.toString('utf8', 0, end).split(' ')
        const over = end + 2 + (word === 'ALERT' ? Number(size) : 0)
        if (heard.length < over) continue
        const text = heard.toString('utf8', end + 2, over)
        heard = heard.subarray(over)
        if (word === 'ALERT') await w.run('alert', (c) => c.mail.send({ to: 'office@example.org', subject: 'Alerte', text }))
        if (word === 'NONE') await w.pause(3_600_000)
        socket.write('NEXT\r\n')
      }
    })
  },
})
