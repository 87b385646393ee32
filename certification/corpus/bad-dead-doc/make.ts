import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Written here, so that the check of this repository's own links does not stumble over it. */
export default (folder: string): Promise<void> => writeFile(join(folder, 'README.md'), '# Notes\n\nTODO. See [the guide](docs/guide.md).\n')
