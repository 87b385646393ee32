import { expect, test } from 'vitest'
import { lockForms } from '../../src/pages/locked-forms.ts'

const WORDS = { form: 'Lecture & rien d’autre.', button: 'consultation seule' }
const lock = (html: string) => lockForms(html, WORDS)

test('[R263] whoever may only look finds forms that say so, with fields that can be read and not be sent', () => {
  expect(lock('<form method="post" action="/x"><input type="hidden" name="_csrf" value="t"><label for="a">A</label><input id="a" name="a" value="1"><select name="b"><option>2</option></select><button type="submit">OK</button></form>'))
    .toBe('<form method="post" action="/x"><input type="hidden" name="_csrf" value="t"><p class="la-hint">Lecture &amp; rien d’autre.</p><label for="a">A</label><input id="a" name="a" value="1" disabled=""><select name="b" disabled=""><option>2</option></select><button type="submit" disabled="">OK</button></form>')
})

test('[R263] a button that stands alone is off and says why to those who cannot see it; what was off before stays', () => {
  expect(lock('<td><form class="la-form" method="POST"><input type="hidden" name="id" value="3"><button disabled>Supprimer</button></form></td><p>ok</p>'))
    .toBe('<form class="la-form" method="POST"><input type="hidden" name="id" value="3"><button disabled="">Supprimer<span class="la-hidden-text"> (consultation seule)</span></button></form><p>ok</p>')
})

test('[R263] searching, logging in and out stay open, and a page without forms is as it was, to the letter', () => {
  const search = '<form class="la-search" action="/a" method="get"><input name="q"><button>Chercher</button></form>'
  const logout = '<form method="post" action="/auth/logout"><button>Quitter</button></form>'
  expect(lock(search + logout)).toBe(search + logout)
  expect(lock('<p>1 < 2 &amp; <b>x')).toBe('<p>1 < 2 &amp; <b>x')
})

test('[R263] a page may be nested deeper than calls may', () => {
  const depth = 20_000
  expect(lock(`${'<div>'.repeat(depth)}<form method="post"><button>x</button></form>`)).toContain('<button disabled="">')
})
