import { Type } from '@liberacces/sdk'
import { basePlugin, writeNote } from '#base'

export default basePlugin({
  without: ['form'],
  also: (k) => {
    k.form({ path: '/ecrire', audience: 'citizen', permission: 'note.write', schema: Type.Object({ text: Type.String({ minLength: 1, maxLength: 2_000 }) }), title: 'page.write' as never, intro: 'form.intro' as never }, async (c, { text }) => {
      await c.audit('note.written', await writeNote(c, text), { text: text.slice(0, 100) })
      return c.redirect('/', 'notice.written' as never)
    })
  },
})
