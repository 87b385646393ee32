// Makes the small demonstration in the folder that is given, in a process that a test may kill.
import { makeSmallDemo } from './demo-kit.ts'

await makeSmallDemo(process.argv[2] ?? '')
