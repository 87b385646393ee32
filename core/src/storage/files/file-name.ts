/** Longest name, in characters. */
const MAX_LENGTH = 255
const LONGEST_ENDING = 20

/**
 * A file's name as it may be stored and offered for download: no folder, no control or invisible characters, nothing that a
 * desktop refuses, no leading dot, at most 255 characters with the ending kept. Applied to its own result, it changes nothing.
 */
export function cleanFileName(name: string): string {
  const cleaned = trimmed((name.toWellFormed().split(/[/\\]/).at(-1) ?? '')
    // Cf holds the characters that turn the reading direction: « fdp.exe » can be made to look like « exe.pdf ».
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu, '')
    .normalize('NFC')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' '))
  if (cleaned === '') return 'fichier'
  if (cleaned.length <= MAX_LENGTH) return cleaned
  const dot = cleaned.lastIndexOf('.')
  const ending = dot > 0 && cleaned.length - dot <= LONGEST_ENDING ? cleaned.slice(dot) : ''
  return `${trimmed(cleaned.slice(0, MAX_LENGTH - ending.length)).toWellFormed()}${ending}`
}

/** The ending of a name, lower case, without its dot; `''` where there is none. */
export function endingOf(name: string): string {
  return /\.([^.]{1,20})$/.exec(name)?.[1]?.toLowerCase() ?? ''
}

function trimmed(name: string): string {
  return name.replace(/^[\s.]+/, '').replace(/[\s.]+$/, '')
}
