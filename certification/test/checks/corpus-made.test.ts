import { certifyMade } from './certify-corpus.ts'

await certifyMade()
