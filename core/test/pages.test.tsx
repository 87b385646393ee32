import type { Locale } from '@liberacces/sdk'
import { renderToHtml } from '@liberacces/sdk/host'
import fc from 'fast-check'
import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import { adminMenu } from '../src/pages/admin-menu.ts'
import { AdminRolesPage } from '../src/pages/admin-roles.tsx'
import { BureauArrangePage } from '../src/pages/bureau-arrange.tsx'
import { initials } from '../src/pages/coat.tsx'
import en from '../src/pages/messages/en.json' with { type: 'json' }
import fr from '../src/pages/messages/fr.json' with { type: 'json' }
import { renderPage, type ShellProps } from '../src/pages/shell.tsx'
import { Slot } from '../src/pages/slot.tsx'
import { contrast, DEFAULT_ACCENT, themeCss } from '../src/pages/theme.ts'
import { translator } from '../src/pages/translate.ts'

const shell: ShellProps = {
  locale: 'fr', tenant: { name: 'La <Rochelle>', slug: 'la-rochelle', kind: 'commune', theme: { accent: '#1f4e79' } }, audience: 'bureau', title: 'Mon bureau',
  actor: { name: 'Marie', kind: 'account' }, menu: [{ label: 'Accueil', href: '/bureau', current: true }], csrfToken: 'a-token',
  assets: { css: '/assets/ui.css', scripts: ['/assets/turbo.js'] }, bodyHtml: '<h1>Bonjour</h1>', canBureau: true, canAdmin: false,
}
const html = (node: Parameters<typeof renderToHtml>[0], locale: Locale = 'fr') => renderToHtml(node, { locale, csrfToken: 'a-token' })
const moves = (tile: string) => [...tile.matchAll(/name="move" value="(\w+)"/g)].map((match) => match[1])

test('the administration of the Pool leads to nothing that the Pool has no page for', () => {
  const hrefs = (isPool: boolean) => adminMenu(translator('fr'), '/admin', isPool).map(({ href }) => href)
  expect(hrefs(true)).toEqual(hrefs(false).filter((href) => href !== '/admin/interventions'))
  expect(hrefs(false)).toContain('/admin/interventions')
})

describe('the shell', () => {
  test('names language, page and commune, and starts with a way to the content', () => {
    const page = renderPage(shell)
    expect(page).toMatch(/^<!doctype html><html lang="fr">/)
    expect(page).toContain('<title>Mon bureau – La &lt;Rochelle></title>')
    expect(page).toMatch(/<body[^>]*><a class="shell-skip" href="#contenu">Aller au contenu<\/a>/)
    expect(page).toContain('<main id="contenu"')
  })

  test('holds no inline script or style, which the content security policy would refuse', () => {
    expect(renderPage(shell)).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/)
  })

  test('logs out by POST with the token', () => {
    expect(renderPage(shell)).toMatch(/<form[^>]*method="post"[^>]*action="\/auth\/logout"|<form[^>]*action="\/auth\/logout"[^>]*method="post"/)
    expect(renderPage(shell)).toContain('<input type="hidden" name="_csrf" value="a-token"/>')
  })

  test('shows only the areas a person may enter', () => {
    expect(renderPage(shell)).not.toContain('href="/admin"')
    expect(renderPage({ ...shell, canAdmin: true })).toContain('href="/admin"')
    expect(renderPage({ ...shell, actor: undefined, canBureau: false })).toContain('href="/auth/login"')
  })
})

describe('a slot', () => {
  test('shows what is ready, calmly names what failed, and links to what is late', () => {
    const slot = html(<Slot layout="tiles" items={[
      { id: 'a', title: 'Courrier', state: 'ready', html: '<p>12</p>' },
      { id: 'b', title: 'Agenda', state: 'failed' },
      { id: 'c/d', title: 'Cadastre', state: 'late', href: '/contributions/c' },
    ]} />)
    expect(slot).toContain('<p>12</p>')
    expect(slot).toContain('Cette rubrique est momentanément indisponible.')
    expect(slot).toContain('<turbo-frame id="slot-c-d" src="/contributions/c" loading="lazy"><p><a href="/contributions/c">Afficher «\u00a0Cadastre\u00a0»</a></p></turbo-frame>')
  })
})

describe('pages', () => {
  test('the first tile cannot go up, the last not down, a hidden one can be shown', () => {
    const page = html(<BureauArrangePage tiles={[{ id: 'a', title: 'A', hidden: false }, { id: 'b', title: 'B', hidden: false }, { id: 'c', title: 'C', hidden: true }]} />)
    expect(page.split('<li class="arrange-tile').slice(1).map(moves)).toEqual([['down', 'hide'], ['up', 'down', 'hide'], ['up', 'show']])
  })

  test('a permission is ticked for the roles that hold it, and each box has a name', () => {
    const page = html(<AdminRolesPage own={[]} roles={[{ id: 'agent', title: 'Agent' }, { id: 'citizen', title: 'Usager' }]} fixed={[]} grants={['agent|news/write']} plugins={[{ id: 'news', title: 'Actualités', permissions: [{ id: 'news/write', title: 'Rédiger' }] }]} />)
    expect([...page.matchAll(/name="grant" value="([^"]+)" checked/g)].map((match) => match[1])).toEqual(['agent|news/write'])
    expect(page).toContain('value="citizen|news/write"/><span class="la-hidden-text">Usager\u00a0: Rédiger</span>')
  })

  test.each([['La Rochelle', 'LR'], ['Saint-Xandre', 'SX'], ["L'Houmeau", 'H'], ['Aytré', 'A'], ['Sainte-Soulle', 'SS']])('initials of %s are %s', (name, letters) => {
    expect(initials(name)).toBe(letters)
  })
})

describe('a theme', () => {
  test('keeps texts readable whatever the colour', () => {
    const colour = fc.stringMatching(/^#[0-9a-f]{6}$/)
    fc.assert(fc.property(colour, (accent) => {
      const tokens = Object.fromEntries([...themeCss(accent).matchAll(/--la-([a-z-]+):(#[0-9a-f]{6})/g)].map((match) => [match[1], match[2] ?? '']))
      expect(contrast(tokens['on-accent'] ?? '', tokens['accent'] ?? '')).toBeGreaterThanOrEqual(4.5)
      expect(contrast(tokens['accent-strong'] ?? '', '#f5f6f8')).toBeGreaterThanOrEqual(4.5)
    }), { numRuns: 500 })
  })

  test('takes nothing but a colour', () => {
    expect(themeCss('red;}body{display:none')).toBe(themeCss(DEFAULT_ACCENT))
  })
})

describe('messages', () => {
  test.each([['fr', fr], ['en', en]] as const)('all of %s are well-formed', (locale, messages) => {
    for (const text of Object.values(messages)) expect(() => new IntlMessageFormat(text, locale)).not.toThrow()
  })

  test('French has a no-break space before high punctuation and within guillemets, and typographic apostrophes', () => {
    expect(Object.entries(fr).filter(([, text]) => /[^\u00a0\u202fs{p}:][;?!»]|« | »| [:;?!%]|'/u.test(text.replace(/https?:/g, '')))).toEqual([])
  })

  test('both languages have the same keys and the same values to fill in', () => {
    // Texts within a plural are no values.
    const values = (text: string) => new Set([...text.replaceAll(/(one|other|=0) \{[^}]*\}/g, '').matchAll(/\{(\w+)/g)].map((match) => match[1]))
    const shape = (messages: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(messages).map(([key, text]) => [key, values(text)]))
    expect(shape(en)).toEqual(shape(fr))
  })
})
