/** Where a command reads and writes: the terminal, or through the control socket the terminal of whoever called. */
export interface Io {
  /** Whether the caller asked for one JSON document instead of text. */
  readonly json: boolean
  /**
   * The command's answer, said once: the document with `--json`, else the text. Prints nothing for an empty text.
   * @param text - lines for people, without a final line break
   */
  answer(document: unknown, text: string): void
  /** A remark beside the answer, for people; on standard error. */
  note(text: string): void
  /** All of standard input, for options that take a secret. */
  input(): Promise<string>
  /** The folder in which the command was called: relative paths start there, whichever process carries it out. */
  readonly folder: string
}

/** Raw ends of an {@link Io}. */
export interface Streams {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly input: () => Promise<string>
  /** Working directory of whoever called. */
  readonly folder: string
}

/** An {@link Io} over two streams. */
export function ioOn({ out, err, input, folder }: Streams, json: boolean): Io {
  return {
    json,
    answer: (document, text) => {
      if (json) out(`${JSON.stringify(document, null, 2)}\n`)
      else if (text !== '') out(`${text}\n`)
    },
    note: (text) => { err(`${text}\n`) },
    input,
    folder,
  }
}

/** The terminal, or whatever files and pipes stand in for it. */
export function processStreams(): Streams {
  return {
    folder: process.cwd(),
    out: (text) => { process.stdout.write(text) },
    err: (text) => { process.stderr.write(text) },
    input: async () => {
      let text = ''
      process.stdin.setEncoding('utf8')
      for await (const part of process.stdin) text += String(part)
      return text
    },
  }
}
