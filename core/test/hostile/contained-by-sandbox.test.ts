import { findStandingWalls } from '../../src/process/box/standing-walls.ts'
import { certifyContained } from './certify-contained.ts'

// Said aloud where it cannot be: `.ci/run` installs bubblewrap.
const { bubblewrap, walls } = await findStandingWalls('best')

certifyContained('bubblewrap around Node’s permissions', { LIBERACCES_WALLS: 'require' }, bubblewrap === undefined ? walls.find(({ id }) => id === 'sandbox')?.what : undefined)
