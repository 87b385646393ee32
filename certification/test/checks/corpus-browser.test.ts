import { certifyBad } from './certify-corpus.ts'

certifyBad(['browser'])
