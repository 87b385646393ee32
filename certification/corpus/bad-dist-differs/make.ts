import { alterArchive } from '../base/alter-archive.ts'

export default (folder: string): Promise<string> => alterArchive(folder, (files) => {
  files.set('plugin.cjs', Buffer.from(`${files.get('plugin.cjs')?.toString() ?? ''}\n;(() => 1)()\n`))
})
