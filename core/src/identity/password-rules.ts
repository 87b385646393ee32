/** Shortest password, in characters. With slowed-down tries, the CNIL asks for less (délibération 2022-100). */
export const MIN_PASSWORD_LENGTH = 12
/** Longest password, in characters. */
const MAX_PASSWORD_LENGTH = 200

/** Why a password is not taken. */
export type PasswordProblem = 'too-short' | 'too-long' | 'is-login' | 'too-simple'

/** The form in which passwords are compared: the same whichever keyboard typed the accents. */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC')
}

/** What is wrong with a password, or `undefined`. Long and easy to remember beats short and odd: no kinds of characters are asked for. */
export function passwordProblem(password: string, login: string): PasswordProblem | undefined {
  const characters = Array.from(normalizePassword(password))
  if (characters.length < MIN_PASSWORD_LENGTH) return 'too-short'
  if (characters.length > MAX_PASSWORD_LENGTH) return 'too-long'
  if (password.trim().toLowerCase() === login.toLowerCase()) return 'is-login'
  return new Set(characters).size < 4 ? 'too-simple' : undefined
}

/** The rules in words, for an error. */
export function describePasswordProblem(problem: PasswordProblem): string {
  switch (problem) {
    case 'too-short': return `The password has fewer than ${MIN_PASSWORD_LENGTH} characters.`
    case 'too-long': return `The password has more than ${MAX_PASSWORD_LENGTH} characters.`
    case 'is-login': return 'The password is the login.'
    case 'too-simple': return 'The password repeats the same few characters.'
    default: return problem satisfies never
  }
}
