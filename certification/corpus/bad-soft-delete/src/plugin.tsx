import { basePlugin, privacy, type BaseContext } from '#base'

export default basePlugin({
  privacy: { ...privacy, erase: async (c: BaseContext, { id }: { readonly id: string }) => ({ erased: Number((await c.db.updateTable('note').set({ text: '' }).where('author_id', '=', id).executeTakeFirstOrThrow()).numUpdatedRows) }) },
})
