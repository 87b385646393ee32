import { definePlugin, Type } from '@liberacces/sdk'

const SETTINGS = Type.Object({ fails: Type.Boolean({ default: false }) })

/** Answers until its process is ended; where its settings say so it fails. */
export default definePlugin()({
  id: 'fr.test.doomed', version: '1.0.0', path: 'doomed', sdk: '*', license: 'MIT', title: { fr: 'Condamné' }, publisher: { name: 'Test', contact: 'x' },
  runtime: 'process', scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} }, settings: SETTINGS,
  setup(k) {
    k.route({ method: 'GET', path: '/work', audience: 'public', summary: 'Works', response: { 200: Type.String() } }, async (c) => {
      if (c.settings.fails) throw new Error('these settings are wrong')
      await new Promise((resolve) => { setTimeout(resolve, 2) })
      return c.reply(200, 'done')
    })
  },
})
