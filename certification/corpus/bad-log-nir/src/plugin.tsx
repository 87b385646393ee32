import { basePlugin, writeNote, type BaseRegistrar } from '#base'
import { Type } from '@liberacces/sdk'

export default basePlugin({
  without: ['form'],
  also: (k: BaseRegistrar) => {
    k.form({ path: '/ecrire', audience: 'citizen', permission: 'note.write', schema: Type.Object({ text: Type.String({ minLength: 1, maxLength: 2_000 }) }), title: 'page.write' as never, intro: 'form.intro' as never }, async (c, { text }) => {
      c.log.info('note written', { text })
      await writeNote(c, text)
      return c.redirect('/', 'notice.written' as never)
    })
  },
})
