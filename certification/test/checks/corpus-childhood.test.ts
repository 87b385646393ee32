import { certifyGood } from './certify-corpus.ts'

await certifyGood('childhood')
