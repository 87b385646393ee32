export { useReader, type Reader } from './reader.ts'
