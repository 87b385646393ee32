import { CreateError } from './create-error.ts'

/** All names of one plugin that stand in its sources. */
export interface PluginNames {
  /** Reverse domain: `fr.vendor.repair-cafe`. */
  readonly id: string
  /** Of its package. */
  readonly package: string
  /** Its pages are below `/apps/<path>/`. */
  readonly path: string
  /** As files are named: `repair-cafe`. */
  readonly name: string
  readonly title: { readonly fr: string; readonly en: string }
}

/** What somebody who makes a plugin says of it. */
export interface NamesWanted {
  readonly name: string
  /** @defaultValue `org.example.<name>` */
  readonly id?: string | undefined
  /** In both languages. @defaultValue the name in words */
  readonly title?: string | undefined
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const LONGEST_NAME = 41
const ID = /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*){2,}$/
const LONGEST_ID = 100
const RESERVED = 'fr.liberacces.'
/**
 * The title stands in sources, messages, Markdown and pages as it is, so that whatever means something there is left out: straight quotes, braces,
 * angle and square brackets, `\`, `` ` ``, `*`, `_`, `|`, `~`, `=`. Spaces that do not break are French typography.
 */
const TITLE = /^(?=.*[\p{L}\p{N}])[\p{L}\p{M}\p{N} \u00a0\u202f\-–—’&().,:;!?/#%+@°«»“”…]{1,80}$/u

/** @throws CreateError for a name, an id or a title that no plugin can have */
export function pluginNames({ name, id = `org.example.${name}`, title }: NamesWanted): PluginNames {
  if (!NAME.test(name) || name.length < 2 || name.length > LONGEST_NAME) throw new CreateError('refused.name', { name })
  if (!ID.test(id) || id.length > LONGEST_ID) throw new CreateError('refused.id', { id })
  if (id.startsWith(RESERVED)) throw new CreateError('refused.reserved', { prefix: RESERVED })
  const words = (title ?? capital(name.replaceAll('-', ' '))).normalize('NFC').trim().replaceAll('\'', '’')
  if (!TITLE.test(words)) throw new CreateError('refused.title', { title: words })
  return { id, package: name, path: name, name, title: { fr: unbroken(words), en: words } }
}

/** French has no line break before double punctuation and inside of guillemets; the tests of each template ask for it. */
function unbroken(text: string): string {
  return text.replaceAll(/ +(?=[:;?!»])/g, '\u00a0').replaceAll(/« +/g, '«\u00a0')
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
