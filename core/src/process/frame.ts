/**
 * A frame: length of all that follows the first four bytes, length of the JSON in it (both 32 bits, big-endian), the JSON in UTF-8, and the bytes that go along.
 * The JSON is that of one message, or without bytes of several with line feeds between them, which JSON never has: what a frame costs is shared by all of a turn.
 * These are the bytes of its head.
 */
export const HEAD = 8
