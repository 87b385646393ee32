import type { Locale } from '../localized.ts'
import { useReader } from './reader.ts'

const fr = {
  breadcrumb: 'Fil d’Ariane',
  yes: 'Oui',
  no: 'Non',
  noRows: 'Aucun élément à afficher.',
  sortBy: 'Trier par {name}',
  sortedAscending: 'tri croissant',
  sortedDescending: 'tri décroissant',
  pages: 'Pagination',
  previousPage: 'Page précédente',
  nextPage: 'Page suivante',
  page: 'Page {page}',
  pageOf: 'Page {page} sur {pageCount}',
  exports: 'Télécharger ce tableau',
  search: 'Rechercher',
  confirm: 'Confirmer\u00a0: {label}',
  errorSummary: 'Le formulaire comporte une erreur',
  errorSummaryMany: 'Le formulaire comporte {count} erreurs',
  error: 'Erreur\u00a0:',
  optional: '(facultatif)',
  requiredNote: 'Tous les champs sont obligatoires, sauf ceux marqués «\u00a0facultatif\u00a0».',
  noAnswer: 'Sans réponse',
  chooseOne: 'Choisir…',
  onePerLine: 'Un élément par ligne.',
  emailHint: 'Exemple\u00a0: prenom.nom@exemple.fr.',
  uriHint: 'Exemple\u00a0: https://www.exemple.fr.',
  dateHint: 'Exemple\u00a0: 31/12/2026.',
  dateTimeHint: 'Date et heure de Paris.',
  maxLengthHint: '{count} caractères au plus.',
  fileHint: 'Formats acceptés\u00a0: {types}. Taille maximale\u00a0: {size}.',
  anyFile: 'tous',
  images: 'images',
  currentFile: 'Fichier actuel\u00a0:',
  replaceFile: 'Choisir un fichier le remplace.',
  removeFile: 'Retirer ce fichier',
  cancel: 'Annuler',
  info: 'Information\u00a0:',
  success: 'C’est fait\u00a0:',
  warning: 'Attention\u00a0:',
} as const

type Word = keyof typeof fr

const en: Readonly<Record<Word, string>> = {
  breadcrumb: 'Breadcrumb',
  yes: 'Yes',
  no: 'No',
  noRows: 'Nothing to show.',
  sortBy: 'Sort by {name}',
  sortedAscending: 'sorted ascending',
  sortedDescending: 'sorted descending',
  pages: 'Pagination',
  previousPage: 'Previous page',
  nextPage: 'Next page',
  page: 'Page {page}',
  pageOf: 'Page {page} of {pageCount}',
  exports: 'Download this table',
  search: 'Search',
  confirm: 'Confirm: {label}',
  errorSummary: 'The form contains one error',
  errorSummaryMany: 'The form contains {count} errors',
  error: 'Error:',
  optional: '(optional)',
  requiredNote: 'All fields are required, except those marked “optional”.',
  noAnswer: 'No answer',
  chooseOne: 'Choose…',
  onePerLine: 'One item per line.',
  emailHint: 'Example: first.last@example.org.',
  uriHint: 'Example: https://www.example.org.',
  dateHint: 'Example: 31/12/2026.',
  dateTimeHint: 'Date and time in Paris.',
  maxLengthHint: 'At most {count} characters.',
  fileHint: 'Accepted formats: {types}. Largest size: {size}.',
  anyFile: 'any',
  images: 'images',
  currentFile: 'Current file:',
  replaceFile: 'Choosing a file replaces it.',
  removeFile: 'Remove this file',
  cancel: 'Cancel',
  info: 'Information:',
  success: 'Done:',
  warning: 'Warning:',
}

const WORDS: Readonly<Record<Locale, Readonly<Record<Word, string>>>> = { fr, en }

/** The components' own words, in the reader's language. */
export function useWords(): (word: Word, values?: Readonly<Record<string, string | number>>) => string {
  const { locale } = useReader()
  return (word, values = {}) => WORDS[locale][word].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}
