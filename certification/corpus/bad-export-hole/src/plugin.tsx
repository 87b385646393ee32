import { basePlugin, privacy, type BaseContext } from '#base'

export default basePlugin({
  privacy: { ...privacy, export: async (c: BaseContext, { id }: { readonly id: string }) => ({ data: { notes: await c.db.selectFrom('note').select(['id', 'written_at']).where('author_id', '=', id).execute() } }) },
})
