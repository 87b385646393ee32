import { renderToHtml } from '@liberacces/sdk/host'
import { Form } from '@liberacces/sdk/ui'
import fc from 'fast-check'
import { parseFragment, serialize } from 'parse5'
import { expect, test } from 'vitest'
import type { ForeignPlace, TakenOut } from '../../src/pages/foreign/foreign-place.ts'
import { sanitizeHtml } from '../../src/pages/foreign/sanitize-html.ts'
import { kitPages } from './kit-pages.tsx'
import { mess } from './messy-html.ts'

const PAGE: ForeignPlace = { place: 'page', formsTo: ['/apps/own/'] }
const READER = { locale: 'fr', csrfToken: 'a-token' } as const

/** The same HTML in the one spelling that parsing gives it. */
function plain(html: string): string {
  return serialize(parseFragment(html))
}

test('[S31] what the UI kit renders comes out as it went in, whatever texts it is given', () => {
  fc.assert(fc.property(kitPages, (node) => {
    const html = renderToHtml(node, READER)
    expect(sanitizeHtml(html, PAGE)).toBe(plain(html))
  }), { numRuns: 60 })
})

test('[S32] whatever is sent, what is left is what a browser reads it as: judged again it stays as it is', () => {
  fc.assert(fc.property(mess, fc.constantFrom<ForeignPlace['place']>('page', 'part', 'text'), (html, place) => {
    const once = sanitizeHtml(html, { ...PAGE, place })
    expect(sanitizeHtml(once, { ...PAGE, place })).toBe(once)
    expect(once.replaceAll(/"[^"]*"/g, '""')).not.toMatch(/<(?:script|style|svg|math|template|iframe|title)|<[^>]* on\w+=/i)
    // Longer searches are done by hand: a suite must not fail by what a new seed finds.
  }), { numRuns: 2_000, seed: 28 })
})

test('[S33] a form that changes something goes to the plugin alone; one of a tile says where; text has none', () => {
  const form = (action: string): string => `<form method="post"${action}><button>x</button></form>`
  const shown = (place: ForeignPlace['place'], html: string): boolean => sanitizeHtml(html, { place, formsTo: ['/apps/own/', 'https://other.example.fr/apps/own/'] }).includes('<form')
  expect(['', ' action=""', ' action="?a=b"'].map((action) => [shown('page', form(action)), shown('part', form(action))])).toEqual([[true, false], [true, false], [true, false]])
  expect([' action="/apps/own/a"', ' action="https://other.example.fr/apps/own/a"'].map((action) => shown('part', form(action)))).toEqual([true, true])
  const elsewhere = ['/admin', '/apps/own', '/apps/owner/', '/apps/own/../x', '/apps/own/%2e%2e/x', '/apps/own\\..\\..\\x', 'apps/own/', '//x.fr/apps/own/', 'https://x.fr/apps/own/', 'http:/apps/own/a', 'javascript:x', 'https://other.example.fr.x.fr/apps/own/', 'https://other.example.fr@x.fr/apps/own/']
  expect(elsewhere.filter((action) => shown('page', form(` action="${action}"`)))).toEqual([])
  expect(['', ' action="/recherche"', ' action="https://x.fr/"', ' action="javascript:x"'].map((action) => shown('part', `<form${action}><input name="q"></form>`))).toEqual([true, true, false, false])
  expect(sanitizeHtml('<p>x</p><form method="post" action="/apps/own/a"><input name="a"><textarea>b</textarea><select><option>c</option></select><button>d</button></form>', { ...PAGE, place: 'text' })).toBe('<p>x</p>bcd')
})

test('[R45] the reader\'s token comes into the hidden field of a form that is posted to the plugin, and nowhere else; what stands for it goes', () => {
  const place: ForeignPlace = { ...PAGE, token: { standIn: 'stand-in', token: 'the-token' } }
  const shown = (html: string): string => sanitizeHtml(html, place)
  const field = (value = 'stand-in'): string => `<input type="hidden" name="_csrf" value="${value}">`
  const post = (inside: string): string => `<form method="post" action="/apps/own/a">${inside}</form>`
  expect(shown(post(field()))).toBe(post(field('the-token')))
  expect(shown(renderToHtml(<Form action="/apps/own/a"><p>stand-in</p></Form>, { locale: 'fr', csrfToken: 'stand-in' }))).toContain(field('the-token'))
  // What was moved or unwrapped is judged where it stands in the end.
  expect(shown(`<font>${post(`<p>${field()}</p>`)}</font>`)).toBe(post(`<p>${field('the-token')}</p>`))
  const nowhere = [
    field(), `<form action="/apps/own/a">${field()}</form>`, `<form method="get" action="/apps/own/a">${field()}</form>`, `<form method="post" action="https://x.fr/">${field()}</form>`,
    post(`<textarea name="x">name="_csrf" value="stand-in"</textarea>`), post(`<input type="text" name="_csrf" value="stand-in">`), post(`<input type="hidden" name="other" value="stand-in">`),
    post(`<input type="hidden" name="_csrf" value="a stand-in">`), post(`<button name="_csrf" value="stand-in">x</button>`), post(`<input type="hidden" title='name="_csrf" value="stand-in"' name="x">`),
    `<form method="post" action="/apps/own/a?t=stand-in"><button>x</button></form>`, `<a href="/apps/own/?name=%22_csrf%22&stand-in">x</a>`, post(`<select name="x"><option value="stand-in">stand-in</option></select>`),
    `<form action="/apps/own/a">${post(field())}</form>`, `<!-- name="_csrf" value="stand-in" -->stand-in`,
  ]
  expect(nowhere.map(shown).filter((html) => /the-token|stand-in/.test(html))).toEqual([])
})

test('[S35] whoever asks is told of each thing that is taken out, and of nothing that stays', () => {
  const told = (html: string): readonly string[] => {
    const all: TakenOut[] = []
    sanitizeHtml(html, { ...PAGE, takenOut: (one) => { all.push(one) } })
    return all.map(({ element, attribute = '', value }) => `${element} ${attribute} ${value}`)
  }
  expect(told('<p class="la-card">a <a href="/b">b</a></p>')).toEqual([])
  expect(told('<p style="color:red" onclick="x">a</p><img src="https://x.fr/a.png" alt=""><script src="https://x.fr/a.js"></script>')).toEqual([
    'p style color:red', 'p onclick x', 'img src https://x.fr/a.png', 'script  https://x.fr/a.js',
  ])
})

test('[S34] what costs more to read than it is long is given up in time', () => {
  const heavy: Readonly<Record<string, string>> = {
    long: 'x'.repeat(1_000_001), deep: '<div>'.repeat(100_000), many: '<i></i>'.repeat(40_000), 'formatting again and again': `<p>${Array.from({ length: 200 }, (_, index) => `<b id=i${index}>`).join('')}${'</p><p>x'.repeat(20_000)}`,
    'before a table': `<table>${'<b></b>x'.repeat(100_000)}`, 'links in links': '<a>'.repeat(300_000),
  }
  for (const [name, html] of Object.entries(heavy)) expect(() => sanitizeHtml(html, PAGE), name).toThrow(expect.objectContaining({ code: 'PLUGIN_ANSWER_INVALID' }) as Error)
  const started = process.cpuUsage()
  sanitizeHtml(`<a ${Array.from({ length: 100_000 }, (_, index) => `a${index}`).join(' ')}>`, PAGE)
  sanitizeHtml(`${'<b>'.repeat(200)}${'</i>'.repeat(200_000)}`, PAGE)
  expect(process.cpuUsage(started).user).toBeLessThan(10_000_000)
})
