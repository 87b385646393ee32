const MAGIC: readonly { readonly bytes: readonly number[]; readonly what: string }[] = [
  { bytes: [0x7f, 0x45, 0x4c, 0x46], what: 'an ELF program' },
  { bytes: [0xfe, 0xed, 0xfa, 0xce], what: 'a Mach-O program' },
  { bytes: [0xfe, 0xed, 0xfa, 0xcf], what: 'a Mach-O program' },
  { bytes: [0xce, 0xfa, 0xed, 0xfe], what: 'a Mach-O program' },
  { bytes: [0xcf, 0xfa, 0xed, 0xfe], what: 'a Mach-O program' },
  { bytes: [0xca, 0xfe, 0xba, 0xbe], what: 'a Mach-O program' },
  { bytes: [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e, 0x0a], what: 'a library of native code' },
]

/** What makes a file native code, or `undefined`: its name, or its first bytes. Pure. */
export function nativeCode(path: string, content: Uint8Array): string | undefined {
  const name = path.split('/').at(-1)?.toLowerCase() ?? ''
  if (/\.(node|so|dylib|dll|exe|o|a|lib)(\.\d+)*$/.test(name)) return 'native code by its name'
  if (name === 'binding.gyp') return 'a recipe for native code'
  const known = MAGIC.find(({ bytes }) => bytes.every((byte, index) => content[index] === byte))
  if (known !== undefined) return known.what
  // "MZ" alone begins many a text; the header that it points to does not.
  if (content[0] === 0x4d && content[1] === 0x5a && content.length > 0x40) {
    const at = Buffer.from(content.buffer, content.byteOffset, content.byteLength).readUInt32LE(0x3c)
    if (content[at] === 0x50 && content[at + 1] === 0x45 && content[at + 2] === 0 && content[at + 3] === 0) return 'a Windows program'
  }
  return undefined
}
