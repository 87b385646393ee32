import { certifyContained } from './certify-contained.ts'

certifyContained('bubblewrap too', { LIBERACCES_WALLS: 'require' })
