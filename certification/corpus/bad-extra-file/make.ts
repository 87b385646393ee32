import { alterArchive } from '../base/alter-archive.ts'

export default (folder: string): Promise<string> => alterArchive(folder, (files) => { files.set('assets/extra.txt', Buffer.from('nobody saw me')) }, { keepsDigests: true })
