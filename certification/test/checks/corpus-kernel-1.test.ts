import { certifyBad } from './certify-corpus.ts'

certifyBad(['kernel', 'nightly'], [1, 2])
