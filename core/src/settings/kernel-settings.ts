import { LongText, Type, type Locale, type Static } from '@liberacces/sdk'
import { contrast, DEFAULT_ACCENT } from '../pages/theme.ts'

/** What a tenant says about itself on its own pages. Its time zone is no setting: people read and write time of Europe/Paris. */
export const KernelSettingsSchema = Type.Object({
  /** Accent colour, `#rrggbb`. White text on it must be readable. */
  accent: Type.String({ pattern: '^#[0-9a-fA-F]{6}$', default: DEFAULT_ACCENT, title: 'Couleur principale' }),
  /** Markdown shown on the Guichet's home page. */
  welcome: Type.Unsafe<string>({ ...LongText({ maxLength: 5_000, title: 'Texte d’accueil' }), default: '' }),
  /** Email address of the collectivité. */
  contact: Type.String({ pattern: '^$|^\\S+@\\S+$', maxLength: 254, default: '', title: 'Adresse électronique' }),
  phone: Type.String({ pattern: '^$|^[+0-9 ().-]{3,30}$', default: '', title: 'Téléphone' }),
  address: Type.Unsafe<string>({ ...LongText({ maxLength: 500, title: 'Adresse postale' }), default: '' }),
  /** How long events are kept that are over, in days, where their contract does not say. */
  eventDays: Type.Integer({ minimum: 1, maximum: 3_650, default: 30, title: 'Conservation des événements, en jours' }),
  /** How long deliveries are kept that failed for good, in days. */
  deadLetterDays: Type.Integer({ minimum: 1, maximum: 3_650, default: 180, title: 'Conservation des événements non remis, en jours' }),
}, { additionalProperties: false })

/** {@link KernelSettingsSchema}, parsed. */
export type KernelSettings = Static<typeof KernelSettingsSchema>

/** Contrast that text must have (WCAG 2.2, 1.4.3). */
const TEXT_CONTRAST = 4.5

/** What a schema cannot say: field to a sentence in the language of whoever reads it. */
export function kernelSettingsProblems({ accent }: KernelSettings, locale: Locale): Readonly<Record<string, string>> {
  const found = contrast('#ffffff', accent)
  if (found >= TEXT_CONTRAST) return {}
  const [ratio, least] = [found, TEXT_CONTRAST].map((number) => number.toLocaleString(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }))
  return {
    accent: locale === 'fr'
      ? `Un texte blanc sur cette couleur a un contraste de ${ratio}\u00a0: choisissez une couleur plus foncée, dont le contraste atteint ${least}.`
      : `White text on ${accent} has a contrast of ${ratio}; choose a darker colour, of ${least} or more.`,
  }
}
