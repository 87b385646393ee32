import { Type } from '@liberacces/sdk'
import { registerFormats } from '@liberacces/sdk/host'
import { fits } from '../validation.ts'

const Email = Type.String({ format: 'email', maxLength: 254 })

/** Whether a text is an e-mail address, of ASCII alone: addresses that look alike must not be taken for each other. */
export function isEmail(text: string): boolean {
  registerFormats()
  return /^[\x21-\x7e]+$/.test(text) && fits(Email, text)
}
