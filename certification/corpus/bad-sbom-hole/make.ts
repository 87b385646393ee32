import { alterArchive, changeJson } from '../base/alter-archive.ts'

export default (folder: string): Promise<string> => alterArchive(folder, (files) => {
  changeJson(files, 'sbom.cdx.json', (bill) => { bill['components'] = [] })
})
