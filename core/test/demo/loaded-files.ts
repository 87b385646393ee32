// Loaded before anything else: writes the name of every module and every file that is read to TEST_LOADED_FILES.
import fs, { appendFileSync } from 'node:fs'
import { registerHooks, syncBuiltinESMExports } from 'node:module'

const list = process.env['TEST_LOADED_FILES'] ?? ''

registerHooks({
  load(url, context, next) {
    appendFileSync(list, `${url}\n`)
    return next(url, context)
  },
})

const { readFile } = fs.promises
fs.promises.readFile = ((path: string, ...rest: []) => {
  appendFileSync(list, `${String(path)}\n`)
  return readFile(path, ...rest)
}) as typeof readFile
syncBuiltinESMExports()
