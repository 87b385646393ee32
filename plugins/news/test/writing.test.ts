import { describe, expect, test } from 'vitest'
import { drawLandscape } from '../src/demo/landscape.ts'
import { writePdf } from '../src/demo/pdf.ts'
import { FORM, NEWS, page, press, startNewsroom, write } from './newsroom.ts'

const picture = (palette = 0): File => new File([Buffer.from(drawLandscape(palette, () => 0.5))], 'marché.png', { type: 'image/png' })
const document = (title: string): File => new File([Buffer.from(writePdf(title, []))], `${title}.pdf`, { type: 'application/pdf' })

describe('the image', () => {
  test('wants an alternative text, and nothing typed is lost', async () => {
    await using platform = await startNewsroom()
    const agent = await platform.as('agent')
    const refused = await agent.submit(`${NEWS}/gestion/nouveau`, { ...FORM, image: picture() })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Décrivez l’image')
    expect(refused.text).toContain(FORM.summary)
  })

  test('must be an image, whatever the browser says', async () => {
    await using platform = await startNewsroom()
    const agent = await platform.as('agent')
    const refused = await agent.submit(`${NEWS}/gestion/nouveau`, { ...FORM, imageAlt: 'x', image: new File(['<svg onload="alert(1)">'], 'a.png', { type: 'image/png' }) })
    expect(refused.status).toBe(422)
  })

  test('is shown with text and credit once published, and to agents alone before', async () => {
    await using platform = await startNewsroom()
    const { visitor } = platform.tenant()
    const agent = await platform.as('agent')
    const id = await write(agent, { image: picture(), imageAlt: 'Un étal "de" fruits', imageCredit: 'Mairie' })
    const address = /src="([^"]+\/images\/[^"]+)"/.exec((await page(agent, `/gestion/articles/${id}`)).text)?.[1] ?? ''
    expect((await agent.get(address)).headers['content-type']).toBe('image/png')
    expect((await visitor.get(address)).status).toBe(404)

    await press(agent, id, 'publier')
    const shown = await visitor.get(address)
    expect([shown.status, shown.bytes.equals(Buffer.from(drawLandscape(0, () => 0.5)))]).toEqual([200, true])
    const article = await page(visitor, '/articles/le-marche-s-agrandit')
    expect(article.text).toContain('alt="Un étal &quot;de&quot; fruits"')
    expect(article.text).toContain('Mairie</figcaption>')
    expect((await visitor.get(address.replace(/[^/]+$/, id))).status).toBe(404)
  })

  test('stays when the form is saved without a new one, goes when it is taken away', async () => {
    await using platform = await startNewsroom()
    const agent = await platform.as('agent')
    const id = await write(agent, { image: picture(), imageAlt: 'Un étal' })
    const edit = `${NEWS}/gestion/articles/${id}/modifier`
    const current = (text: string): string => (/name="image\.current" value="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&quot;', '"')
    const kept = await agent.submit(edit, { ...FORM, version: '1', imageAlt: 'Un étal', 'image.current': current((await agent.get(edit, { headers: { accept: 'text/html' } })).text) })
    expect(kept.status).toBe(303)
    expect((await agent.get(`${NEWS}/api/articles/${id}`)).json()).toMatchObject({ image: { alt: 'Un étal' }, version: 2 })
    await agent.submit(edit, { ...FORM, version: '2', imageAlt: 'Un étal', 'image.current': current((await agent.get(edit, { headers: { accept: 'text/html' } })).text), 'image.remove': 'true' })
    expect((await agent.get(`${NEWS}/api/articles/${id}`)).json()).toMatchObject({ image: null, version: 3 })
  })
})

describe('attachments', () => {
  test('say their type and size in the link, and are downloads for readers', async () => {
    await using platform = await startNewsroom()
    const { visitor } = platform.tenant()
    const agent = await platform.as('agent')
    const id = await write(agent)
    const form = `${NEWS}/gestion/articles/${id}/pieces`
    expect((await agent.submit(form, { file: document('Plan'), name: 'Plan du marché' })).status).toBe(303)
    await press(agent, id, 'publier')
    const [, address, text] = /href="([^"]+pieces-jointes[^"]+)"[^>]*>([^<]+)</.exec((await page(visitor, '/articles/le-marche-s-agrandit')).text) ?? []
    // Over the border HTML is written anew, in which it has a name.
    expect(text?.replaceAll('&nbsp;', '\u00a0')).toBe('Plan du marché.pdf (PDF, 1\u00a0ko)')
    const download = await visitor.get(address ?? '')
    expect([download.status, download.headers['content-type'], download.headers['content-disposition']]).toEqual([200, 'application/pdf', expect.stringMatching(/^attachment;/)])

    await press(agent, id, 'retirer')
    expect((await visitor.get(address ?? '')).status).toBe(404)
  })

  test('are ten at most, and one can be taken away', async () => {
    await using platform = await startNewsroom()
    const agent = await platform.as('agent')
    const id = await write(agent)
    const form = `${NEWS}/gestion/articles/${id}/pieces`
    for (let number = 1; number <= 10; number += 1) expect((await agent.submit(form, { file: document(`Plan ${number}`) })).status).toBe(303)
    expect((await agent.submit(form, { file: document('Plan 11') })).status).toBe(422)
    const deletion = /action="[^"]+\/(pieces\/[^"]+\/supprimer)"/.exec((await page(agent, `/gestion/articles/${id}`)).text)?.[1] ?? ''
    await press(agent, id, deletion)
    const left = (await agent.get(`${NEWS}/api/articles/${id}/attachments`)).json<readonly { readonly name: string }[]>()
    expect(left.map(({ name }) => name)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10].map((number) => `Plan ${number}.pdf`))
    expect((await press(agent, id, deletion)).status).toBe(404)
  })

  test('shared by two articles outlive the deletion of one', async () => {
    await using platform = await startNewsroom()
    const agent = await platform.as('agent')
    const ids = [await write(agent), await write(agent)]
    for (const id of ids) await agent.submit(`${NEWS}/gestion/articles/${id}/pieces`, { file: document('Plan') })
    await press(agent, ids[0] ?? '', 'supprimer')
    const [attachment] = (await agent.get(`${NEWS}/api/articles/${ids[1]}/attachments`)).json<readonly { readonly url: string }[]>()
    expect((await agent.get(new URL(attachment?.url ?? '').pathname)).status).toBe(200)
  })
})

describe('writing', () => {
  test('two articles of one title have two addresses, and a published one keeps its own', async () => {
    await using platform = await startNewsroom()
    const agent = await platform.as('agent')
    const [first, second] = [await write(agent), await write(agent)]
    const slug = async (id: string) => (await agent.get(`${NEWS}/api/articles/${id}`)).json<{ readonly slug: string }>().slug
    expect([await slug(first), await slug(second)]).toEqual(['le-marche-s-agrandit', 'le-marche-s-agrandit-2'])
    await press(agent, first, 'publier')
    for (const [id, version] of [[first, '2'], [second, '1']] as const) await agent.submit(`${NEWS}/gestion/articles/${id}/modifier`, { ...FORM, title: 'Autre titre', version })
    expect([await slug(first), await slug(second)]).toEqual(['le-marche-s-agrandit', 'autre-titre'])
  })

  test('over someone else’s change is refused', async () => {
    await using platform = await startNewsroom()
    const agent = await platform.as('agent')
    const id = await write(agent)
    const edit = `${NEWS}/gestion/articles/${id}/modifier`
    expect((await agent.submit(edit, { ...FORM, title: 'Un', version: '1' })).status).toBe(303)
    const late = await agent.submit(edit, { ...FORM, title: 'Deux', version: '1' })
    expect([late.status, late.text.includes('Une autre personne a modifié cet article')]).toEqual([422, true])
  })

  test('hostile text is shown as text, in pages and in the feed', async () => {
    await using platform = await startNewsroom()
    const { visitor } = platform.tenant()
    const agent = await platform.as('agent')
    const hostile = '<script>alert(1)</script>'
    const id = await write(agent, { title: hostile, summary: hostile, body: `${hostile}\n\n[x](javascript:alert(1))` })
    await press(agent, id, 'publier')
    for (const path of ['/', '/articles/script-alert-1-script']) {
      const { status, text } = await page(visitor, path)
      expect([status, text.includes(hostile), text.includes('href="javascript')]).toEqual([200, false, false])
    }
    expect((await visitor.get(`${NEWS}/feed.atom`)).text).not.toContain('<script')
  })

  test('nonsense in an address is answered, never a failure', async () => {
    await using platform = await startNewsroom()
    const agent = await platform.as('agent')
    const paths = ['/?page=0', '/?page=-1', '/?page=1e9', '/?page=2', '/?category=%00', '/articles/%00', '/articles/%27%20or%201=1', '/images/a/b', '/pieces-jointes/x', '/gestion/articles/x', '/gestion?status=%3Cx%3E', '/api/articles?limit=999', '/api/articles/x']
    for (const path of paths) {
      const { status } = await page(agent, path)
      expect([path, status === 400 || status === 404]).toEqual([path, true])
    }
    expect((await page(agent, '/gestion?q=%25_%27%5C')).status).toBe(200)
  })
})
