import { MEASURES } from './all-measures.ts'
import { runBench } from './run-bench.ts'

process.exitCode = await runBench(process.argv.slice(2), MEASURES, {
  out: (text) => { console.log(text) },
  err: (text) => { console.error(text) },
})
