import type { TakenOut } from '@liberacces/core'

/** `full`: with what was made on the way through all surfaces. `empty`: before anything was made. `error`: a form that was sent with nothing in it. */
export type ScreenState = 'full' | 'empty' | 'error'

/** Something on a screen, and where. */
export interface Spot {
  /** What is wrong there, in a few words. */
  readonly what: string
  /** The element, as far as 200 characters tell. */
  readonly html: string
}

/** What axe says of a rule at one element. */
export interface RuleSpot extends Spot {
  /** Id of the rule, such as `label`. */
  readonly rule: string
  /** Criteria of the RGAA that the rule is about, such as `RGAA-11.1.1`. */
  readonly criteria: readonly string[]
}

/** A screen as the browser had it. */
export interface SeenScreen {
  /** `GET /gestion as agent of alpha, full`. */
  readonly label: string
  readonly state: ScreenState
  /** What breaks a rule, at 1280 pixels and, of a full screen, at 320. */
  readonly violations: readonly RuleSpot[]
  /** What the rules cannot decide at 1280 pixels: a person has to look. */
  readonly undecided: readonly RuleSpot[]
  /** What cannot be reached, seen or left by keyboard. */
  readonly keyboard: readonly Spot[]
  /** What does not fit 320 pixels. */
  readonly narrow: readonly Spot[]
  /** What does not bear text of twice the size. */
  readonly enlarged: readonly Spot[]
  /** What moves though the reader asked that nothing does. */
  readonly moving: readonly Spot[]
  /** What cuts texts off when they are longer by four tenths, as those of other languages are. */
  readonly cut: readonly Spot[]
  /** Styles of its own. */
  readonly styles: readonly Spot[]
  /** What jumps while pictures come. */
  readonly jumps: readonly Spot[]
  /** What the browser refused, and where it wanted to go. */
  readonly refused: readonly string[]
  /** What the platform took out of its HTML. */
  readonly takenOut: readonly TakenOut[]
}
