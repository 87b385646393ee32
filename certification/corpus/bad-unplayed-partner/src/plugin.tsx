import { defineWorker } from '@liberacces/sdk'
import { basePlugin } from '#base'

const Line = defineWorker('line')

export default basePlugin({
  scopes: ['db', 'tcp:alertes.zz-vendor.fr:4000'],
  also: (k) => {
    k.worker(Line, async (w) => {
      const socket = await w.connect({ host: 'alertes.zz-vendor.fr', port: 4000, tls: {} })
      socket.resume().write('NEXT\r\n')
      await w.pause(3_600_000)
    })
  },
})
