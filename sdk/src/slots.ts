/** The slots of the platform's own pages. A plugin may define more with `defineSlot`. */
import { Type } from '@sinclair/typebox'
import { Choice } from './schema.ts'
import { defineSlot } from './slot.ts'

/** The icons that tiles and services may name. */
export const ICONS = [
  'calendar', 'card', 'chart', 'document', 'folder', 'home', 'key', 'mail', 'map', 'megaphone', 'people', 'phone', 'search', 'settings', 'star', 'utensils',
] as const

/** The headings under which the Guichet lists services. */
export const SERVICE_CATEGORIES = ['commune', 'enfance', 'etat-civil', 'logement', 'vie-locale', 'social'] as const

/** A tile of the Bureau virtuel: a heading, a picture and a little content, arranged by each agent. */
export const BureauTile = defineSlot('fr.liberacces.bureau-tile/v1', {
  rendered: true,
  data: Type.Object({ icon: Choice(ICONS) }),
})

/** A service in the Guichet's list: a link with a title and a one-line description. */
export const GuichetService = defineSlot('fr.liberacces.guichet-service/v1', {
  rendered: false,
  data: Type.Object({
    category: Choice(SERVICE_CATEGORIES),
    /** Path inside the plugin. */
    href: Type.String({ pattern: '^/' }),
    /** Message key of a one-line description. */
    description: Type.Optional(Type.String()),
    icon: Type.Optional(Choice(ICONS)),
  }),
})

/** A block of the Guichet's home page with content of its own, such as the latest news. */
export const GuichetBlock = defineSlot('fr.liberacces.guichet-block/v1', {
  rendered: true,
  data: Type.Object({}),
})
