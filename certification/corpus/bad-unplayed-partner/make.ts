import { alterArchive } from '../base/alter-archive.ts'

const described = { partners: [{ host: 'alertes.zz-vendor.fr', port: 4000, answers: [{ to: [{ text: 'NEXT\r\n' }], say: [{ kept: 'text' }, { bits: 1 }] }] }] }

export default (folder: string): Promise<string> => alterArchive(folder, (files) => { files.set('certification/partners.json', Buffer.from(JSON.stringify(described))) })
