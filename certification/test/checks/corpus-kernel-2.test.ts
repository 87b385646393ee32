import { certifyBad } from './certify-corpus.ts'

certifyBad(['kernel', 'nightly'], [2, 2])
