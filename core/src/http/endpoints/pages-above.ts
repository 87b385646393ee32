import type { Endpoint } from '@liberacces/sdk/host'
import type { Crumb } from '@liberacces/sdk/ui'
import type { LoadedRelease } from '../../runtime/release.ts'
import { translatorOf } from '../../runtime/messages.ts'
import type { RequestContext } from '../request-context.ts'

type PageEndpoint = Extract<Endpoint, { kind: 'page' }>

/** Pages of each audience stand in one of two areas, and a way does not lead from one into the other. */
const AREA = { public: 'guichet', citizen: 'guichet', agent: 'bureau', admin: 'bureau' } as const satisfies Record<Endpoint['audience'], string>

/**
 * The pages above a form: those of its plugin whose address is the beginning of the form's, such as `/households` and `/households/12` of `/households/12/edit`, from the outermost; with
 * the same area, as far as this person may open them. A page that must be asked something in its address is left out, and one whose title names something that only its own call knows.
 *
 * @param path - of the request, without its query
 */
export function pagesAbove(release: LoadedRelease, { audience }: Endpoint, { principal, locale }: RequestContext, path: string): readonly Crumb[] {
  const root = `/apps/${release.manifest.path}`
  const parts = path.slice(root.length).split('/').slice(1)
  const pages = release.registrations.endpoints.filter((endpoint): endpoint is PageEndpoint => endpoint.kind === 'page' && AREA[endpoint.audience] === AREA[audience] && opensBare(endpoint)
    && (endpoint.permission === undefined || principal.permissions.has(`${release.manifest.id}/${endpoint.permission}`)))
  const texts: Readonly<Record<string, string>> = release.plugin.messages[locale]
  const crumbs = parts.flatMap((_, depth): readonly Crumb[] => {
    const above = parts.slice(0, depth)
    const page = best(pages.filter((each) => fits(each.path, above)))
    if (page === undefined || texts[page.title]?.includes('{') !== false) return []
    return [{ label: translatorOf(release, locale)(page.title), href: `${root}/${above.join('/')}` }]
  })
  // A list and one of its entries may have one title: the nearer is the way back.
  return crumbs.filter(({ label }, index) => crumbs[index + 1]?.label !== label)
}

/** Whether a page can be opened by its address alone. */
function opensBare({ query }: PageEndpoint): boolean {
  return Object.entries(query?.properties ?? {}).every(([name, schema]) => !(query?.required ?? []).includes(name) || 'default' in schema)
}

function fits(pattern: string, parts: readonly string[]): boolean {
  const wanted = pattern === '/' ? [] : pattern.split('/').slice(1)
  return wanted.length === parts.length && wanted.every((each, index) => each.startsWith(':') || each === parts[index])
}

/** As the server chooses: what is written out goes before what stands for anything. */
function best(pages: readonly PageEndpoint[]): PageEndpoint | undefined {
  return pages.toSorted((a, b) => a.path.split(':').length - b.path.split(':').length)[0]
}
