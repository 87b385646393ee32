import { ValueErrorType, type ValueError } from '@sinclair/typebox/errors'
import { Value } from '@sinclair/typebox/value'
import { restoreKinds, type JsonSchema } from './kinds.ts'
import { fieldLabel, type FieldLabels } from './field-label.ts'
import type { Locale } from './localized.ts'

/** A sentence for the reader: `name` is the field's label, `limit` what the schema allows. */
type Sentence = (name: string, limit: string) => string

/**
 * What is wrong with a value, in sentences for the reader: field name, with its parents before dots, to one sentence; `''` is
 * about the value as a whole. Empty when the value fits. Call `registerFormats` once before.
 * @param label - the message of a key such as `field.title`; where it has none the schema's `title` is taken
 */
export function describeSchemaErrors(schema: JsonSchema, value: unknown, locale: Locale, label: FieldLabels): Record<string, string> {
  const found: Record<string, string> = {}
  for (const error of Value.Errors(restoreKinds(schema), value)) {
    const { name, field } = locate(schema, error.path)
    found[name] ??= sentenceOf(error, field, locale, name === '' ? '' : fieldLabel(label, name, field))
  }
  return found
}

/** The form field that an error's JSON pointer is about: files, lists and choices are one field, whatever is wrong inside. */
function locate(schema: JsonSchema, pointer: string): { readonly name: string; readonly field: JsonSchema } {
  const names: string[] = []
  let field = schema
  for (const part of pointer.split('/').slice(1)) {
    const next = field['x-widget'] === 'upload' ? undefined : (field['properties'] as Readonly<Record<string, JsonSchema>> | undefined)?.[unescape(part)]
    if (next === undefined) break
    names.push(unescape(part))
    field = next
  }
  return { name: names.join('.'), field }
}

function unescape(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}

function sentenceOf(error: ValueError, field: JsonSchema, locale: Locale, name: string): string {
  const sentences = SENTENCES[locale]
  if (name === '') return sentences.whole
  const missing = error.type === ValueErrorType.ObjectRequiredProperty || error.value === undefined || error.value === ''
  if (field['x-widget'] === 'upload') return missing ? sentences.fileMissing(name, '') : sentences.fileInvalid(name, '')
  const schema = error.schema as JsonSchema
  const chosen = isChoice(field)
  if (missing) return chosen ? sentences.choice(name, '') : sentences.missing(name, '')
  if (error.type === ValueErrorType.StringFormat) return (sentences.formats[String(schema['format'])] ?? sentences.pattern)(name, '')
  if (error.type === ValueErrorType.Literal || error.type === ValueErrorType.Union) {
    return (field['const'] === true ? sentences.accept : chosen ? sentences.choice : sentences.pattern)(name, '')
  }
  const [sentence, keyword = ''] = SENTENCE_OF[error.type] ?? ['pattern']
  return sentences[sentence](name, keyword === '' ? '' : new Intl.NumberFormat(locale).format(Number(schema[keyword])))
}

function isChoice(field: JsonSchema): boolean {
  const variants = field['anyOf']
  return Array.isArray(field['enum']) || (Array.isArray(variants) && variants.every((variant: JsonSchema) => 'const' in variant))
}

type SentenceName =
  | 'missing' | 'choice' | 'accept' | 'fileMissing' | 'fileInvalid' | 'tooShort' | 'tooLong' | 'pattern' | 'number' | 'integer' | 'minimum' | 'maximum'
  | 'above' | 'below' | 'multiple' | 'tooFew' | 'tooMany' | 'repeated'

/** The sentence of a kind of error, and the keyword that holds the limit. */
const SENTENCE_OF: Readonly<Partial<Record<ValueErrorType, readonly [SentenceName, string?]>>> = {
  [ValueErrorType.StringMinLength]: ['tooShort', 'minLength'],
  [ValueErrorType.StringMaxLength]: ['tooLong', 'maxLength'],
  [ValueErrorType.Number]: ['number'],
  [ValueErrorType.NumberMinimum]: ['minimum', 'minimum'],
  [ValueErrorType.NumberMaximum]: ['maximum', 'maximum'],
  [ValueErrorType.NumberExclusiveMinimum]: ['above', 'exclusiveMinimum'],
  [ValueErrorType.NumberExclusiveMaximum]: ['below', 'exclusiveMaximum'],
  [ValueErrorType.NumberMultipleOf]: ['multiple', 'multipleOf'],
  [ValueErrorType.Integer]: ['integer'],
  [ValueErrorType.IntegerMinimum]: ['minimum', 'minimum'],
  [ValueErrorType.IntegerMaximum]: ['maximum', 'maximum'],
  [ValueErrorType.IntegerExclusiveMinimum]: ['above', 'exclusiveMinimum'],
  [ValueErrorType.IntegerExclusiveMaximum]: ['below', 'exclusiveMaximum'],
  [ValueErrorType.IntegerMultipleOf]: ['multiple', 'multipleOf'],
  [ValueErrorType.ArrayMinItems]: ['tooFew', 'minItems'],
  [ValueErrorType.ArrayMaxItems]: ['tooMany', 'maxItems'],
  [ValueErrorType.ArrayUniqueItems]: ['repeated'],
}

const SENTENCES: Readonly<Record<Locale, Readonly<Record<SentenceName, Sentence>> & { readonly whole: string; readonly formats: Readonly<Record<string, Sentence>> }>> = {
  fr: {
    whole: 'Le formulaire contient une information qui n’est pas attendue.',
    missing: (name) => `Renseignez le champ «\u00a0${name}\u00a0».`,
    choice: (name) => `Choisissez une des réponses proposées pour «\u00a0${name}\u00a0».`,
    accept: (name) => `Cochez la case «\u00a0${name}\u00a0» pour continuer.`,
    fileMissing: (name) => `Choisissez un fichier pour «\u00a0${name}\u00a0».`,
    fileInvalid: (name) => `Le fichier de «\u00a0${name}\u00a0» n’a pas pu être repris\u00a0: choisissez-le de nouveau.`,
    tooShort: (name, limit) => `«\u00a0${name}\u00a0» doit compter au moins ${limit} ${limit === '1' ? 'caractère' : 'caractères'}.`,
    tooLong: (name, limit) => `«\u00a0${name}\u00a0» ne peut pas dépasser ${limit} ${limit === '1' ? 'caractère' : 'caractères'}.`,
    pattern: (name) => `«\u00a0${name}\u00a0» n’a pas la forme attendue.`,
    number: (name) => `«\u00a0${name}\u00a0» doit être un nombre, par exemple 12,5.`,
    integer: (name) => `«\u00a0${name}\u00a0» doit être un nombre entier, par exemple 12.`,
    minimum: (name, limit) => `«\u00a0${name}\u00a0» doit être au moins égal à ${limit}.`,
    maximum: (name, limit) => `«\u00a0${name}\u00a0» doit être au plus égal à ${limit}.`,
    above: (name, limit) => `«\u00a0${name}\u00a0» doit être supérieur à ${limit}.`,
    below: (name, limit) => `«\u00a0${name}\u00a0» doit être inférieur à ${limit}.`,
    multiple: (name, limit) => `«\u00a0${name}\u00a0» doit être un multiple de ${limit}.`,
    tooFew: (name, limit) => `Choisissez au moins ${limit} ${limit === '1' ? 'réponse' : 'réponses'} pour «\u00a0${name}\u00a0».`,
    tooMany: (name, limit) => `Choisissez au plus ${limit} ${limit === '1' ? 'réponse' : 'réponses'} pour «\u00a0${name}\u00a0».`,
    repeated: (name) => `«\u00a0${name}\u00a0» contient deux fois la même réponse.`,
    formats: {
      'email': (name) => `«\u00a0${name}\u00a0» doit être une adresse électronique, par exemple prenom.nom@exemple.fr.`,
      'uri': (name) => `«\u00a0${name}\u00a0» doit être une adresse web complète, par exemple https://www.exemple.fr.`,
      'date': (name) => `«\u00a0${name}\u00a0» doit être une date, par exemple 31/12/2026.`,
      'time': (name) => `«\u00a0${name}\u00a0» doit être une heure, par exemple 14:30.`,
      'date-time': (name) => `«\u00a0${name}\u00a0» doit être une date et une heure, par exemple 31/12/2026 14:30.`,
      'uuid': (name) => `«\u00a0${name}\u00a0» n’est pas un identifiant connu.`,
    },
  },
  en: {
    whole: 'The form contains something that is not expected.',
    missing: (name) => `Fill in “${name}”.`,
    choice: (name) => `Choose one of the answers offered for “${name}”.`,
    accept: (name) => `Tick “${name}” to continue.`,
    fileMissing: (name) => `Choose a file for “${name}”.`,
    fileInvalid: (name) => `The file of “${name}” could not be kept: choose it again.`,
    tooShort: (name, limit) => `“${name}” must be at least ${limit} ${limit === '1' ? 'character' : 'characters'} long.`,
    tooLong: (name, limit) => `“${name}” must be at most ${limit} ${limit === '1' ? 'character' : 'characters'} long.`,
    pattern: (name) => `“${name}” does not have the expected form.`,
    number: (name) => `“${name}” must be a number, such as 12.5.`,
    integer: (name) => `“${name}” must be a whole number, such as 12.`,
    minimum: (name, limit) => `“${name}” must be ${limit} or more.`,
    maximum: (name, limit) => `“${name}” must be ${limit} or less.`,
    above: (name, limit) => `“${name}” must be more than ${limit}.`,
    below: (name, limit) => `“${name}” must be less than ${limit}.`,
    multiple: (name, limit) => `“${name}” must be a multiple of ${limit}.`,
    tooFew: (name, limit) => `Choose at least ${limit} ${limit === '1' ? 'answer' : 'answers'} for “${name}”.`,
    tooMany: (name, limit) => `Choose at most ${limit} ${limit === '1' ? 'answer' : 'answers'} for “${name}”.`,
    repeated: (name) => `“${name}” contains the same answer twice.`,
    formats: {
      'email': (name) => `“${name}” must be an email address, such as first.last@example.org.`,
      'uri': (name) => `“${name}” must be a complete web address, such as https://www.example.org.`,
      'date': (name) => `“${name}” must be a date, such as 31/12/2026.`,
      'time': (name) => `“${name}” must be a time, such as 14:30.`,
      'date-time': (name) => `“${name}” must be a date and time, such as 31/12/2026 14:30.`,
      'uuid': (name) => `“${name}” is not a known identifier.`,
    },
  },
}
