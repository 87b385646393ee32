/** Open files of a child: Node itself needs about 20. */
const MOST_FILES = 64
/** What Node reserves as writable data without using it (about 550 MiB on Node 26), generously, in MiB. */
const RESERVED_MB = 1_024

/**
 * A command that waits for a line on its standard input, so that whoever starts it can put it where it belongs first, lays limits upon itself and becomes the
 * program that follows. No files are written, no core is dumped; data that can be written is limited coarsely, in case nobody watches its memory for a while.
 */
export function limitedCommand(memoryMb: number): readonly string[] {
  const kib = (RESERVED_MB + memoryMb) * 1_024
  return ['/bin/sh', '-c', `read -r go || exit 126; ulimit -c 0; ulimit -f 0; ulimit -n ${MOST_FILES}; ulimit -d ${kib}; exec "$@" </dev/null >&2`, 'liberacces-box']
}
