import { setFlagsFromString } from 'node:v8'

/** Most steps that a pattern may take on one text, where V8 cannot promise that their number grows with its length and no faster: a good part of a second. */
const MOST_STEPS = 3e8
/** Longest text that comes from outside, in characters. */
const LONGEST_TEXT = 4 * 1_048_576

let isOn = false

/**
 * Has V8 finish a regular expression that goes back and forth too often by its other engine, whose time grows with the text and no faster
 * (`--enable-experimental-regexp-engine-on-excessive-backtracks`). Patterns that come from outside are tried in the kernel's process, where one that never
 * ends would keep everybody waiting. It holds for expressions that are made afterwards, in all of this process.
 */
function boundBacktracking(): void {
  if (isOn) return
  setFlagsFromString('--enable-experimental-regexp-engine')
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
  isOn = true
}

/**
 * Whether a pattern is one, and comes to its end soon on any text that may be held against it, whoever wrote both.
 * @param longest - longest text that reaches it, in characters
 * @param most - most texts of one value that reach it; all of them together are no longer than the longest that comes from outside
 */
export function isBoundedPattern(pattern: string, longest: number = LONGEST_TEXT, most = 1): boolean {
  boundBacktracking()
  if (!isExpression(pattern, '')) return false
  // With this flag V8 refuses what its other engine cannot do: looking around, going back to a group, large counts.
  return isExpression(pattern, 'l') || stepsOnAll(pattern, longest, most) <= MOST_STEPS
}

/** Most steps on all texts of one value: on a few long ones, or on many short ones. */
function stepsOnAll(pattern: string, longest: number, most: number): number {
  let steps = 0
  for (let length = Math.min(longest, LONGEST_TEXT); length >= 1; length = Math.floor(length / 2)) {
    // Each comes with two quotes and a comma.
    steps = Math.max(steps, Math.min(most, Math.ceil(LONGEST_TEXT / (length + 3))) * stepsOf(pattern, length))
    if (most === 1) break
  }
  return steps
}

function isExpression(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags).source !== ''
  } catch {
    return false
  }
}

/** A class, an escape or a character, and what repeats it. */
const ATOM = /^(?:\[(?:\\.|[^\]\\])*\]|\\(?:[pPu]\{[^}]*\}|.)|[^\\[\](){}*+?|])(?:(\*|\+|\?|\{(\d+)(,?)(\d*)\})\??)?/su
/** The beginning of a group, of whatever kind. */
const GROUP = /^\((?:\?(?:[:=!]|<[=!]|<\w+>))?/
/** The end of one that is not repeated. */
const GROUP_END = /^\)(?![*+?{])/

/**
 * Most steps that a pattern takes on a text of so many characters. Known only where nothing but classes and characters is repeated, each by
 * itself: then each repetition has its number of lengths, and all of them together are the ways to try.
 */
function stepsOf(pattern: string, longest: number): number {
  let most = 0
  let steps = 0
  for (let rest = `|${pattern}`, depth = 0; rest !== '';) {
    const brackets = GROUP.exec(rest) ?? GROUP_END.exec(rest)
    if (brackets !== null) {
      depth += brackets[0] === ')' ? -1 : 1
      rest = rest.slice(brackets[0].length)
      continue
    }
    if (rest.startsWith('|')) {
      // Ways within a group are counted as if all of them were taken; those of the whole are taken one by one.
      if (depth === 0) steps = rest.startsWith('|^') ? 1 : longest
      rest = rest.slice(1)
      continue
    }
    const found = ATOM.exec(rest)
    if (found === null) return Number.POSITIVE_INFINITY
    const [whole, repeated, from = '0', comma, to] = found
    if (repeated === '*' || repeated === '+') steps *= longest
    else if (repeated === '?') steps *= 2
    else if (repeated !== undefined && comma === ',') steps *= to === '' ? longest : Math.max(1, Math.min(longest, Number(to)) - Number(from) + 1)
    most = Math.max(most, steps)
    rest = rest.slice(whole.length)
  }
  return most
}
