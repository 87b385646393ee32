import { alterArchive } from '../base/alter-archive.ts'

export default (folder: string): Promise<string> => alterArchive(folder, (files) => { files.set('assets/map.svg', Buffer.alloc(120_000_000)) })
