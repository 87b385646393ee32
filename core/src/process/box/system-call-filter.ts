import { endianness } from 'node:os'

/** Processors for which there is a filter. */
export type FilteredProcessor = 'x64' | 'arm64'

/** Numbers of the kinds of machines, as the kernel of Linux tells filters which one a call is made for (linux/audit.h). */
const MACHINES: Readonly<Record<FilteredProcessor, number>> = { x64: 0xc0_00_00_3e, arm64: 0xc0_00_00_b7 }
/** From here on calls of x64 are those of x32, which are others with numbers of their own. */
const X32 = 0x40_00_00_00

/**
 * System calls that a plugin's process has no use for, with their numbers on x64 and arm64 (asm/unistd_64.h, asm-generic/unistd.h); `undefined` where a processor has none. They look
 * into other processes, change mounts and namespaces, or reach far into the kernel, which is where its holes were found. Node asks for none but those of io_uring, and goes on without.
 */
export const DENIED_CALLS: Readonly<Record<string, readonly [x64: number, arm64: number | undefined]>> = {
  ptrace: [101, 117], process_vm_readv: [310, 270], process_vm_writev: [311, 271], kcmp: [312, 272], pidfd_getfd: [438, 438], process_madvise: [440, 440],
  mount: [165, 40], umount2: [166, 39], pivot_root: [155, 41], move_mount: [429, 429], open_tree: [428, 428], fsopen: [430, 430], fsconfig: [431, 431], fsmount: [432, 432], fspick: [433, 433], mount_setattr: [442, 442],
  unshare: [272, 97], setns: [308, 268],
  keyctl: [250, 219], add_key: [248, 217], request_key: [249, 218],
  bpf: [321, 280], perf_event_open: [298, 241], userfaultfd: [323, 282], io_uring_setup: [425, 425], io_uring_enter: [426, 426], io_uring_register: [427, 427],
  kexec_load: [246, 104], kexec_file_load: [320, 294], init_module: [175, 105], finit_module: [313, 273], delete_module: [176, 106],
  name_to_handle_at: [303, 264], open_by_handle_at: [304, 265], fanotify_init: [300, 262], acct: [163, 89], swapon: [167, 224], swapoff: [168, 225], reboot: [169, 142], quotactl: [179, 60], syslog: [103, 116],
  modify_ldt: [154, undefined], iopl: [172, undefined], ioperm: [173, undefined],
}

/** Instructions of the classic filter machine (linux/bpf_common.h), and what it can say (linux/seccomp.h). */
const LOAD = 0x20
const IF_EQUAL = 0x15
const IF_AT_LEAST = 0x35
const SAY = 0x06
const ALLOWED = 0x7f_ff_00_00
/** "Operation not permitted". */
const REFUSED = 0x00_05_00_01
/** Where a filter finds the number of the call, and the kind of machine. */
const CALL = 0
const MACHINE = 4

/**
 * A filter of system calls (seccomp), as `bwrap --seccomp` takes it: {@link DENIED_CALLS} are refused with EPERM, and so is whatever is asked by the numbers of another kind of
 * machine; all else is let through.
 * @returns `undefined` where there is none for this processor
 */
export function systemCallFilter(processor: string = process.arch): Buffer | undefined {
  if (!isFiltered(processor) || endianness() !== 'LE') return undefined
  const numbers = Object.values(DENIED_CALLS).map(([x64, arm64]) => (processor === 'x64' ? x64 : arm64)).filter((number) => number !== undefined)
  const isX64 = processor === 'x64'
  /** Instructions from the one after the first test up to the refusal, which is last. */
  const tests = (isX64 ? 1 : 0) + numbers.length
  const program: (readonly [code: number, ifTrue: number, ifFalse: number, value: number])[] = [
    [LOAD, 0, 0, MACHINE],
    [IF_EQUAL, 0, tests + 2, MACHINES[processor]],
    [LOAD, 0, 0, CALL],
    ...(isX64 ? [[IF_AT_LEAST, numbers.length + 1, 0, X32] as const] : []),
    ...numbers.map((number, index) => [IF_EQUAL, numbers.length - index, 0, number] as const),
    [SAY, 0, 0, ALLOWED],
    [SAY, 0, 0, REFUSED],
  ]
  const bytes = Buffer.alloc(program.length * 8)
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8)
    bytes.writeUInt8(ifTrue, index * 8 + 2)
    bytes.writeUInt8(ifFalse, index * 8 + 3)
    bytes.writeUInt32LE(value, index * 8 + 4)
  }
  return bytes
}

function isFiltered(processor: string): processor is FilteredProcessor {
  return Object.hasOwn(MACHINES, processor)
}
