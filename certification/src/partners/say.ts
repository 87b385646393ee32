import { literalBytes, numberBytes } from './literal-bytes.ts'
import type { Said } from './partner-description.ts'

/** What a partner knows in one conversation. */
export interface Memory {
  readonly kept: Map<string, Buffer>
  readonly counts: Map<string, number>
  /** A text of the commune whose conversation it is. */
  canary(): string
}

/** Puts together what a partner says. */
export function say(parts: readonly Said[], memory: Memory): Buffer {
  return Buffer.concat(parts.map((part) => sayPart(part, memory)))
}

function sayPart(part: Said, memory: Memory): Buffer {
  if ('kept' in part) return memory.kept.get(part.kept) ?? Buffer.alloc(0)
  if ('sizeOf' in part) return numberBytes(memory.kept.get(part.sizeOf)?.length ?? 0, part.bytes, part.little)
  if ('count' in part) {
    const next = (memory.counts.get(part.count) ?? 0) + 1
    memory.counts.set(part.count, next)
    return numberBytes(next, part.bytes, part.little)
  }
  if ('canary' in part) return Buffer.from(memory.canary())
  if ('sized' in part) {
    const content = say(part.of, memory)
    return Buffer.concat([numberBytes(content.length + (part.plus ?? 0), part.sized, part.little), content])
  }
  return literalBytes(part)
}
