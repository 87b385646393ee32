import { alterArchive, changeJson } from '../base/alter-archive.ts'

export default (folder: string): Promise<string> => alterArchive(folder, (files) => {
  changeJson(files, 'package.json', (described) => { described['scripts'] = { postinstall: 'node setup.js' } })
})
