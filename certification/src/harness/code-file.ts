import { parseSync } from 'oxc-parser'
import type { CodeFile } from './subject.ts'

const CODE = /\.(ts|mts|cts|tsx|js|mjs|cjs|jsx)$/

/** Whether a path is of a file of code. */
export function isCode(path: string): boolean {
  return CODE.test(path) && !/\.d\.[mc]?ts$/.test(path)
}

/** Parses a file of code. */
export function codeFile(path: string, text: string): CodeFile {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const lineAt = (offset: number): number => {
    let [low, high] = [0, lineStarts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
  const isCommonJs = path.endsWith('.cjs')
  const { program, errors } = parseSync(path, text, { sourceType: isCommonJs ? 'commonjs' : 'module' })
  return {
    path, text, program, lineAt,
    syntaxErrors: errors.filter(({ severity }) => severity === 'Error').map(({ message, labels }) => `${path}:${lineAt(labels[0]?.start ?? 0)}: ${message}`),
    isTest: /(^|\/)(test|tests|__tests__)\/|\.(test|spec)\.[a-z]+$/.test(path),
  }
}
