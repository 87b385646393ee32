import { certifyContained } from './certify-contained.ts'

certifyContained('Node’s permissions and limits alone', { LIBERACCES_WALLS: 'node' })
