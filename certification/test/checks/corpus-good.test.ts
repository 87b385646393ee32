import { certifyGood } from './certify-corpus.ts'

await certifyGood('all-but-childhood')
