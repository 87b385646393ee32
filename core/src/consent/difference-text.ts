import type { Locale } from '@liberacces/sdk'
import { BUILT_IN_ROLES } from '../identity/kernel-permissions.ts'
import { textIn } from '../localized-text.ts'
import { translator, type MessageKey } from '../pages/translate.ts'
import type { Difference } from './release-difference.ts'
import { scopeText } from './scope-text.ts'

/** What differs, by subject, in sentences for an administrator. */
export interface DifferenceSection {
  readonly about: Difference['about']
  readonly title: string
  readonly sentences: readonly string[]
}

/** How other things than the releases themselves are called. */
export interface DifferenceNames {
  /** A plugin or contract. @defaultValue its id */
  need?(id: string): string | undefined
  /** A role. @defaultValue its built-in title, else its id */
  role?(id: string): string | undefined
}

const ORDER: readonly Difference['about'][] = ['scope', 'personal-data', 'permission', 'need']
const TITLES: Readonly<Record<Difference['about'], MessageKey>> = {
  'scope': 'difference.scope', 'personal-data': 'difference.data', 'permission': 'difference.permission', 'need': 'difference.need',
}
const BASES: Readonly<Record<string, MessageKey>> = {
  'consent': 'basis.consent', 'contract': 'basis.contract', 'legal-obligation': 'basis.legal-obligation', 'vital-interests': 'basis.vital-interests',
  'public-task': 'basis.public-task', 'legitimate-interests': 'basis.legitimate-interests',
}

/** A difference in plain words; subjects without any are left out. Pure. */
export function describeDifference(differences: readonly Difference[], locale: Locale, names: DifferenceNames = {}): readonly DifferenceSection[] {
  return ORDER.flatMap((about) => {
    const own = differences.filter((one) => one.about === about)
    return own.length === 0 ? [] : [{ about, title: translator(locale)(TITLES[about]), sentences: own.map((one) => sentenceOf(one, locale, names)) }]
  })
}

/** In French what follows a colon begins small. */
function afterColon(text: string, locale: Locale): string {
  return locale === 'fr' ? text.charAt(0).toLocaleLowerCase('fr') + text.slice(1) : text
}

function sentenceOf(difference: Difference, locale: Locale, names: DifferenceNames): string {
  const t = translator(locale)
  switch (difference.about) {
    case 'scope': {
      const what = afterColon(scopeText(difference.scope, t), locale)
      if (difference.without === undefined) return t(`difference.scope.${difference.change}`, { what })
      const without = textIn(locale, difference.without)
      return t(difference.change === 'added' ? 'difference.scope.added.optional' : 'difference.scope.optional', { what, without })
    }
    case 'permission': {
      const roles = difference.roles.map((id) => names.role?.(id) ?? (BUILT_IN_ROLES[id] === undefined ? id : textIn(locale, BUILT_IN_ROLES[id])))
      const title = textIn(locale, difference.title)
      if (difference.change === 'removed') return t('difference.permission.removed', { title })
      return roles.length === 0 ? t('difference.permission.added.nobody', { title }) : t('difference.permission.added', { title, roles: new Intl.ListFormat(locale).format(roles) })
    }
    case 'personal-data': {
      const { store, before } = difference
      const purpose = textIn(locale, store.purpose)
      if (difference.change === 'removed') return t('difference.data.removed', { purpose })
      const told = t('difference.data.line', { purpose, basis: basisOf(store.basis, locale), kept: keptFor(store.retentionDays, locale) })
      if (before === undefined) return t('difference.data.added', { told })
      return t('difference.data.changed', {
        told, before: t('difference.data.line', { purpose: textIn(locale, before.purpose), basis: basisOf(before.basis, locale), kept: keptFor(before.retentionDays, locale) }),
      })
    }
    case 'need': {
      const { id, range, isOptional, change } = difference
      const name = names.need?.(id) ?? id
      const what = range === '*' ? name : `${name} ${range}`
      return t(`difference.need.${change}.${isOptional ? 'optional' : 'required'}`, { what })
    }
    default: return difference satisfies never
  }
}

/** How long, as people say it. */
export function keptFor(days: number | null, locale: Locale): string {
  const t = translator(locale)
  if (days === null) return t('retention.for-good')
  if (days % 365 === 0) return t('retention.years', { years: days / 365 })
  return t('retention.days', { days })
}

/** Legal basis of a processing (GDPR, article 6), as people say it. */
function basisOf(basis: string, locale: Locale): string {
  const key = BASES[basis]
  return key === undefined ? basis : translator(locale)(key)
}
