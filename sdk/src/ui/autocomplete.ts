import type { FormField } from '../form-model.ts'

/** Tokens of the HTML standard for fields about the person who fills the form in (RGAA 11.13), by usual names of fields. */
const TOKENS: Readonly<Record<string, string>> = {
  email: 'email', firstname: 'given-name', givenname: 'given-name', lastname: 'family-name', familyname: 'family-name', fullname: 'name',
  phone: 'tel', tel: 'tel', telephone: 'tel', street: 'street-address', address: 'street-address', postalcode: 'postal-code', postcode: 'postal-code',
  city: 'address-level2', country: 'country-name', birthdate: 'bday', organization: 'organization',
}

/** What the browser may fill in: the schema's `x-autocomplete`, else the token of a usual name. */
export function autocompleteOf(field: FormField): { readonly autoComplete?: string } {
  const own = field.schema['x-autocomplete']
  if (typeof own === 'string') return { autoComplete: own }
  const token = TOKENS[field.property.replaceAll(/[-_]/g, '').toLowerCase()]
  return token === undefined ? {} : { autoComplete: token }
}
