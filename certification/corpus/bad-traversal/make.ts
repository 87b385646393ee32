import { alterArchive } from '../base/alter-archive.ts'

export default (folder: string): Promise<string> => alterArchive(folder, (files) => { files.set('../../outside.txt', Buffer.from('here')) })
