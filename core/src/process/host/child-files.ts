import type { FileRef, Files, StoredFile } from '@liberacces/sdk'
import type { ChildCall } from './child-call.ts'
import { allOf, sendContent, type GivenContent } from './child-content.ts'

/** The plugin's files, reached by asking: bytes come and go in pieces. */
export function childFiles(call: ChildCall): Files {
  return {
    async put(content, { name, type }) {
      return (await call.ask('files.put', { name, type, ...(await sendContent(call, content)) })) as FileRef
    },
    async get(id) {
      const found = (await call.ask('files.get', { id })) as FileRef | null | undefined
      if (found === null || found === undefined) return undefined
      return { ...found, bytes: async () => allOf(call, (await call.ask('files.bytes', { id })) as GivenContent) } satisfies StoredFile
    },
    async delete(id) {
      await call.ask('files.delete', { id })
    },
  }
}
