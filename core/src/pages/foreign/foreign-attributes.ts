import { ALLOWED_CLASS, FORM_ELEMENTS, GLOBAL_ATTRIBUTES, INPUT_TYPES, LINK_RELATIONS, RESERVED_ID, TEXT_ELEMENTS, type AttributeRule } from './allow-list.ts'
import { isLinkAddress, isOwnAddress, isOwnPicture, isUnder } from './foreign-address.ts'
import type { ForeignPlace } from './foreign-place.ts'

/** An attribute as it was read: its name in small letters, its value without escapes. */
export interface Attribute {
  name: string
  value: string
}

/** What an element may bear besides the global attributes; `undefined` where the element itself may not stand. */
export type AttributeRules = Readonly<Record<string, AttributeRule>>

const ARIA = /^aria-[a-z]+$/

/** The attributes of an element at a place; `undefined` when it may not stand there. */
export function rulesOf(tagName: string, { place }: ForeignPlace): AttributeRules | undefined {
  return TEXT_ELEMENTS.get(tagName) ?? (place === 'text' ? undefined : FORM_ELEMENTS.get(tagName))
}

/**
 * Whether a form may stand. One that changes something goes to the plugin's own addresses alone: it carries the token by which the platform takes it
 * for the reader's own will. One that looks something up may go anywhere on this site.
 */
export function mayBeSent(attributes: readonly Attribute[], { place, formsTo }: ForeignPlace): boolean {
  const valueOf = (name: string): string | undefined => attributes.find((attribute) => attribute.name === name)?.value
  const action = valueOf('action') ?? ''
  if (valueOf('method')?.toLowerCase() !== 'post') return isOwnAddress(action)
  return isUnder(action, formsTo) || (place === 'page' && /^(?:$|\?)/.test(action))
}

/** What is left of attributes: the same list where nothing is taken away, as in all that the kit renders; long pages have thousands. */
export function keptAttributes<One extends Attribute>(attributes: One[], own: AttributeRules, place: ForeignPlace): (One | Attribute)[] {
  let changed: (One | Attribute)[] | undefined
  let index = 0
  for (const attribute of attributes) {
    const { name, value } = attribute
    const rule = Object.hasOwn(own, name) ? own[name] : Object.hasOwn(GLOBAL_ATTRIBUTES, name) ? GLOBAL_ATTRIBUTES[name] : ARIA.test(name) ? 'text' : undefined
    const kept = rule === undefined ? undefined : keptValue(rule, value, place)
    if (kept !== value) changed ??= attributes.slice(0, index)
    if (kept !== undefined) changed?.push(kept === value ? attribute : { name, value: kept })
    index += 1
  }
  return changed ?? attributes
}

function keptValue(rule: AttributeRule, value: string, { formsTo }: ForeignPlace): string | undefined {
  const only = (isAllowed: boolean): string | undefined => (isAllowed ? value : undefined)
  switch (rule) {
    case 'text': return value
    case 'class': return tokens(value, (one) => ALLOWED_CLASS.test(one))
    case 'rel': return tokens(value, (one) => LINK_RELATIONS.has(one.toLowerCase()))
    case 'id': return only(!RESERVED_ID.test(value))
    case 'link': return only(isLinkAddress(value))
    case 'own-image': return only(isOwnPicture(value))
    // That of a form is judged with its method.
    case 'form-action': return value
    case 'button-action': return only(isUnder(value, formsTo))
    case 'method': return only(/^(?:get|post)$/i.test(value))
    case 'encoding': return only(/^(?:application\/x-www-form-urlencoded|multipart\/form-data)$/i.test(value))
    case 'tab-index': return only(value === '0' || value === '-1')
    case 'input-type': return only(INPUT_TYPES.has(value.toLowerCase()))
    case 'button-type': return only(/^(?:submit|reset|button)$/i.test(value))
    case 'number': return only(/^-?\d{1,9}(?:\.\d{1,9})?$/.test(value))
    default: return rule satisfies never
  }
}

/** As it was when each word may stay, without the others otherwise, nothing when none is left. */
function tokens(value: string, isAllowed: (one: string) => boolean): string | undefined {
  if (value !== '' && !/[\t\n\f\r ]/.test(value)) return isAllowed(value) ? value : undefined
  const words = value.split(/[\t\n\f\r ]+/).filter((one) => one !== '')
  const kept = words.filter((one) => isAllowed(one))
  return kept.length === words.length ? value : kept.length === 0 ? undefined : kept.join(' ')
}
