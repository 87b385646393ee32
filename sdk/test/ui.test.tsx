import { Choice, Type, Upload } from '@liberacces/sdk'
import { fileSize, renderToHtml } from '@liberacces/sdk/host'
import { ActionButton, ButtonLink, DataTable, LinkRow, Markdown, Page, Pagination, SchemaForm, SearchForm, Section, Time, WeekGrid } from '@liberacces/sdk/ui'
import { describe, expect, test } from 'vitest'

const html = (node: Parameters<typeof renderToHtml>[0]) => renderToHtml(node, { locale: 'fr', csrfToken: 'a-token' })
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1])

const Schema = Type.Object({
  title: Type.String({ minLength: 1 }),
  kind: Choice(['a', 'b']),
  photo: Type.Optional(Upload({ accept: ['image/png'], maxBytes: 1_048_576 })),
  address: Type.Object({ street: Type.String() }),
})
const form = (props: Partial<Parameters<typeof SchemaForm>[0]> = {}) => html(<SchemaForm schema={Schema} label={() => undefined} submitLabel="Envoyer" {...props} />)

describe('a form made from a schema', () => {
  test('every control has a label, and no id is given twice', () => {
    const page = form({ errors: { title: 'Renseignez le titre.' } })
    const ids = matches(page, /\sid="([^"]+)"/g)
    const controls = matches(page, /<(?:input(?![^>]*type="hidden")|select|textarea)[^>]*\sid="([^"]+)"/g)
    expect(new Set(ids).size).toBe(ids.length)
    expect(controls.filter((id) => !page.includes(`for="${id}"`))).toEqual([])
    expect(matches(page, /aria-describedby="([^"]+)"/g).flatMap((list) => list?.split(' ') ?? []).filter((id) => !ids.includes(id))).toEqual([])
  })

  test('errors are listed above the form, in its order, each leading to its field', () => {
    const page = form({ errors: { 'address.street': 'Rue ?', 'title': 'Titre ?', '': 'Tout est faux.' } })
    expect(page).toContain('Le formulaire comporte 3 erreurs')
    expect(matches(page, /<li>(.*?)<\/li>/g)).toEqual(['Tout est faux.', '<a href="#field-title">Titre ?</a>', '<a href="#field-address.street">Rue ?</a>'])
    expect(page).toMatch(/id="field-title"[^>]*aria-invalid="true"/)
  })

  test('what was typed is kept, also where it is wrong, and is never markup', () => {
    expect(form({ values: { title: '"><script>' } })).toContain('value="&quot;>&lt;script>"')
  })

  test('a form with files is multipart, says what it accepts, and carries the current file along', () => {
    const page = form({ values: { photo: { id: '1', name: 'affiche.png', type: 'image/png', size: 1, sha256: '0' } } })
    expect(page).toContain('enctype="multipart/form-data"')
    expect(page).toContain('accept="image/png"')
    expect(page).toContain('Formats acceptés\u00a0: PNG. Taille maximale\u00a0: 1\u00a0Mo.')
    expect(page).toContain('<strong>affiche.png</strong>')
    expect(page).toContain('name="photo.current" value="{&quot;id&quot;:&quot;1&quot;')
  })

  test('every posted form carries the token against forged requests', () => {
    expect(form()).toContain('name="_csrf" value="a-token"')
    expect(html(<ActionButton action="/x" label="Supprimer" confirm="Vraiment ?" />)).toContain('name="_csrf" value="a-token"')
  })
})

describe('components', () => {
  test('a table has a caption, headed columns and named rows', () => {
    const table = html(<DataTable caption="Articles" rows={[{ title: 'Fête', reads: 1250 }]} sort={{ key: 'title', direction: 'asc' }} sortHref={(key, direction) => `?sort=${key}-${direction}`}
      columns={[{ key: 'title', header: 'Titre', sortable: true }, { key: 'reads', header: 'Lectures', numeric: true }]} />)
    expect(table).toContain('<caption>Articles</caption>')
    expect(table).toMatch(/<th scope="col" aria-sort="ascending"><a href="\?sort=title-desc"/)
    expect(table).toContain('<th scope="row">Fête</th><td class="la-numeric">1\u202f250</td>')
  })

  test('a grid of days has headers for rows and columns, a label for each box, and a reason where there is none', () => {
    const grid = html(<WeekGrid caption="Lina" name="jour" columns={[{ key: 'mon', label: 'lun. 2 mars' }, { key: 'tue', label: 'mar. 3 mars' }]}
      rows={[{ key: 'meal', label: 'Repas', cells: [{ value: 'a', checked: true, note: 'réservé' }, { note: 'Férié' }] }]} />)
    expect(grid).toContain('<caption>Lina</caption>')
    expect(grid).toContain('<th role="columnheader" scope="col">lun. 2 mars</th>')
    expect(grid).toContain('<div class="la-week"><table class="la-week-grid" role="table">')
    expect(grid).toContain('<th role="rowheader" scope="row">Repas</th>')
    expect(grid).toMatch(/<label for="grid-meal-mon"><input id="grid-meal-mon" type="checkbox" name="jour" value="a" checked aria-describedby="grid-meal-mon-note"/)
    expect(grid).toContain('<span class="la-hidden-text">Repas, lun. 2 mars</span>')
    expect(grid).toContain('<span class="la-week-grid-note">Férié</span>')
    expect(grid.match(/<input/g)).toHaveLength(1)
  })

  test('pagination shows the ends and the neighbours, and marks the page it is on', () => {
    const nav = html(<Pagination page={5} pageCount={12} href={(page) => `?page=${page}`} />)
    expect(matches(nav, />(\d+)<\/a>/g)).toEqual(['1', '4', '5', '6', '12'])
    expect(nav).toContain('<a href="?page=5" aria-current="page" aria-label="Page 5 sur 12">5</a>')
    expect(html(<Pagination page={1} pageCount={1} href={() => ''} />)).toBe('')
  })

  test('two searches of one name on a page have fields of their own', () => {
    const page = html(<><SearchForm action="/apps/a" label="Un" /><SearchForm action="/apps/b" label="Deux" /></>)
    expect(matches(page, /<input id="([^"]+)"/g)).toEqual(['search-apps-a-q', 'search-apps-b-q'])
    expect(matches(page, /<label for="([^"]+)"/g)).toEqual(['search-apps-a-q', 'search-apps-b-q'])
  })

  test('a button that many rows have says what it is about, after its label', () => {
    expect(html(<ButtonLink href="/x" subject="Urbanisme">Modifier</ButtonLink>)).toContain('>Modifier<span class="la-hidden-text"> Urbanisme</span></a>')
    expect(html(<ActionButton action="/x" label="Supprimer" subject="Urbanisme" confirm="Vraiment ?" />).match(/ Urbanisme<\/span>/g)).toHaveLength(2)
  })

  test('a row of links is a navigation with a name, and nothing when there are none', () => {
    const row = html(<LinkRow label="Autres actualités" items={[{ hint: 'Article suivant', label: 'Fête', href: '/fete', rel: 'next' }]} />)
    expect(row).toContain('<nav class="la-link-row" aria-label="Autres actualités">')
    expect(row).toMatch(/<a href="\/fete" rel="next"><span class="la-link-row-hint">Article suivant <\/span><span class="la-link-row-label">Fête<\/span><\/a>/)
    expect(html(<LinkRow label="Autres actualités" items={[]} />)).toBe('')
  })

  test('a table in markdown can be scrolled by keyboard and has headed columns', () => {
    const table = html(<Markdown text={'| Jour |\n| --- |\n| Mardi |'} />)
    expect(table).toContain('<div class="la-table-frame" role="region" aria-label="Tableau" tabindex="0"><table class="la-table">')
    expect(table).toContain('<th scope="col">Jour</th>')
    expect(table).toContain('</table></div>')
  })

  test('markdown shows HTML as text, drops script links and pictures from elsewhere', () => {
    const text = html(<Markdown headingLevel={3} text={'# Titre\n\n<script>x</script> [a](javascript:alert(1)) [b](https://exemple.fr) ![photo](https://exemple.fr/a.png)'} />)
    expect(text).toContain('<h3>Titre</h3>')
    expect(text).toContain('&lt;script&gt;')
    expect(text).toContain('<a href="https://exemple.fr" rel="noopener">b</a>')
    expect(text).not.toMatch(/href="javascript|<img/)
  })

  test.each([
    ['2026-05-02', false, '2 mai 2026'],
    ['2026-05-02T22:30:00Z', true, '3 mai 2026 à 00:30'],
    ['2026-02-01', false, '1er février 2026'],
    ['2026-02-11', false, '11 février 2026'],
    ['2026-01-31T23:05:00Z', true, '1er février 2026 à 00:05'],
  ])('a date is said in words, in Paris: %s', (date, withTime, words) => {
    expect(html(<Time date={date} withTime={withTime} />)).toContain(`>${words}</time>`)
  })

  test('in English the first of a month is a number as any other', () => {
    expect(renderToHtml(<Time date="2026-02-01" />, { locale: 'en', csrfToken: '' })).toContain('>1 February 2026</time>')
  })

  test.each([
    [999, '0,9\u00a0ko', '0.9\u00a0kB'], [1_000, '1\u00a0ko', '1\u00a0kB'], [999_999, '999,9\u00a0ko', '999.9\u00a0kB'], [1_000_000, '1\u00a0Mo', '1\u00a0MB'], [5_242_880, '5,2\u00a0Mo', '5.2\u00a0MB'], [10_485_760, '10,4\u00a0Mo', '10.4\u00a0MB'],
  ])('a size is said in units of a thousand, and never larger than it is: %i bytes', (bytes, french, english) => {
    expect([fileSize(bytes, 'fr'), fileSize(bytes, 'en')]).toEqual([french, english])
  })

  test('the caption of a table is not seen a second time below the same title of its section or page', () => {
    const table = <DataTable caption="Repas" rows={[{ a: 1 }]} />
    expect([html(<Page title="Repas">{table}</Page>), html(<Page title="x"><Section title="Repas">{table}</Section></Page>), html(<Page title="Repas"><Section title="x">{table}</Section></Page>)].map((page) => page.includes('<caption class="la-hidden-text">'))).toEqual([true, true, false])
  })
})
