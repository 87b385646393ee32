import { startTestPlatform, type TestClient } from '@liberacces/certification/testing'
import { describe, expect, test } from 'vitest'
import directory from '../src/plugin.tsx'
import { heard, listener } from './listener.ts'

const APP = '/apps/annuaire'
const page = { headers: { accept: 'text/html' } }

async function total(client: TestClient): Promise<number> {
  return (await client.get(`${APP}/api/entries`)).json<{ total: number }>().total
}

const csv = (content: string | Buffer<ArrayBuffer>): File => new File([content], 'personnes.csv', { type: 'text/csv' })

describe('who may do what', () => {
  test('an agent reads, an editor writes and downloads, a visitor does neither', async () => {
    await using platform = await startTestPlatform({ plugins: [directory] })
    const paths = ['gestion', 'gestion/services', 'gestion/personnes/ajouter', 'gestion/importer', 'gestion/export/personnes.csv']
    const statuses = async (client: TestClient) => Promise.all(paths.map(async (path) => (await client.get(`${APP}/${path}`)).status))
    expect(await statuses(await platform.as('agent'))).toEqual([200, 200, 403, 403, 403])
    expect(await statuses(await platform.as('agent.directory'))).toEqual([200, 200, 200, 200, 200])
    // A visitor's browser is led to the login; a program is told.
    expect(await statuses(platform.tenant().visitor)).toEqual([303, 303, 303, 303, 401])
    const refused = await (await platform.as('agent')).post(`${APP}/api/persons`, { kind: 'agent', firstName: 'A', lastName: 'B' })
    expect(refused.status).toBe(403)
  })
})

describe('people', () => {
  test('a wrong form comes back with what was typed and every error; a right one is stored', async () => {
    await using platform = await startTestPlatform({ plugins: [directory] })
    const editor = await platform.as('agent.directory')
    const wrong = await editor.submit(`${APP}/gestion/personnes/ajouter`, { kind: 'agent', firstName: 'Anne', lastName: 'Roy', service: 'Plage', email: 'anne', phone: '12' })
    expect(wrong.status).toBe(422)
    expect(['value="Plage"', 'Aucun service de l’annuaire', 'nom@domaine.fr', '10 chiffres'].filter((text) => !wrong.text.includes(text))).toEqual([])
    const right = await editor.submit(`${APP}/gestion/personnes/ajouter`, { kind: 'agent', firstName: 'Anne', lastName: 'Roy', email: 'anne@mairie.example', listed: 'true' })
    expect(right.status).toBe(303)
    const again = await editor.submit(`${APP}/gestion/personnes/ajouter`, { kind: 'agent', firstName: 'Anna', lastName: 'Roy', email: 'ANNE@mairie.example' })
    expect([again.status, again.text.includes('déjà celui d’une autre personne')]).toEqual([422, true])
    expect(await total(editor)).toBe(1)
  })

  test('a person is changed, then deleted with the mandates', async () => {
    await using platform = await startTestPlatform({ plugins: [directory, listener] })
    heard.length = 0
    const editor = await platform.as('agent.directory')
    const { id } = (await editor.post(`${APP}/api/persons`, { kind: 'agent', firstName: 'Anne', lastName: 'Roy', room: 'A1' })).json<{ id: string }>()
    const edit = `${APP}/gestion/personnes/${id}/modifier`
    expect((await editor.get(edit, page)).text).toContain('value="A1"')
    expect((await editor.submit(edit, { kind: 'agent', firstName: 'Anne', lastName: 'Roy', room: 'B2', listed: 'true' })).status).toBe(303)
    const detail = `${APP}/gestion/personnes/${id}`
    expect((await editor.get(detail, page)).text).toContain('B2')
    expect((await editor.submit(`${detail}/supprimer`, {}, detail)).status).toBe(303)
    expect((await editor.get(detail, page)).status).toBe(404)
    expect((await editor.submit(`${detail}/supprimer`, {}, `${APP}/gestion/personnes/ajouter`)).status).toBe(404)
    await platform.settle()
    expect(heard).toEqual([`person ${id} created`, `person ${id} updated`, `person ${id} deleted`])
  })

  test('the API says what is wrong as a problem', async () => {
    await using platform = await startTestPlatform({ plugins: [directory] })
    const editor = await platform.as('agent.directory')
    const answer = await editor.post(`${APP}/api/persons`, { kind: 'agent', firstName: 'A', lastName: 'B', email: 'x' })
    expect([answer.status, answer.headers['content-type'], answer.json()]).toMatchObject([422, expect.stringMatching(/^application\/problem\+json/), { code: 'PERSON_REFUSED', errors: { email: expect.any(String) } }])
    const hostile = await Promise.all([{}, { kind: 'king', firstName: 'A', lastName: 'B' }, { kind: 'agent', firstName: 'A', lastName: 'B', admin: true }, [], 'x'].map(async (body) => (await editor.post(`${APP}/api/persons`, body)).status))
    expect(hostile.every((status) => status === 400 || status === 422)).toBe(true)
  })
})

describe('services and associations', () => {
  test('a service belongs to another, never to one of its own; deleting it leaves its people', async () => {
    await using platform = await startTestPlatform({ plugins: [directory] })
    const editor = await platform.as('agent.directory')
    const addService = (fields: Record<string, string>) => editor.submit(`${APP}/gestion/services/ajouter`, fields)
    expect((await addService({ name: 'Culture' })).status).toBe(303)
    expect((await addService({ name: 'Médiathèque', parent: 'culture' })).status).toBe(303)
    expect((await addService({ name: 'CULTURE' })).text).toContain('porte déjà ce nom')
    const [culture, library] = (await editor.get(`${APP}/api/entries?kind=service`)).json<{ entries: { id: string }[] }>().entries
    const loop = await editor.submit(`${APP}/gestion/services/${culture?.id}/modifier`, { name: 'Culture', parent: 'Mediatheque' })
    expect([loop.status, loop.text.includes('rattaché à lui-même')]).toEqual([422, true])
    const { id } = (await editor.post(`${APP}/api/persons`, { kind: 'agent', firstName: 'Anne', lastName: 'Roy', service: 'mediatheque' })).json<{ id: string }>()
    expect((await editor.submit(`${APP}/gestion/services/${library?.id}/supprimer`, {}, `${APP}/gestion/services`)).status).toBe(303)
    expect((await editor.get(`${APP}/api/entries/${id}`)).json()).toEqual({ kind: 'agent', person: expect.not.objectContaining({ serviceId: expect.anything() }) })
  })

  test('an association’s contact is public only where it says so', async () => {
    await using platform = await startTestPlatform({ plugins: [directory] })
    const editor = await platform.as('agent.directory')
    const fields = { name: 'Chorale', rna: 'w17 1234567', website: 'chorale.example', contactName: 'Luc Roy', contactEmail: 'luc@chorale.example' }
    expect((await editor.submit(`${APP}/gestion/associations/ajouter`, { ...fields, rna: 'W17' })).status).toBe(422)
    expect((await editor.submit(`${APP}/gestion/associations/ajouter`, fields)).status).toBe(303)
    const [entry] = (await editor.get(`${APP}/api/entries?q=chorale`)).json<{ entries: { id: string; url: string }[] }>().entries
    const { visitor } = platform.tenant()
    const shows = async () => (await visitor.get(entry?.url ?? '', page)).text.includes('Luc Roy')
    expect(await shows()).toBe(false)
    expect((await editor.submit(`${APP}/gestion/associations/${entry?.id}/modifier`, { ...fields, contactPublic: 'true' })).status).toBe(303)
    expect(await shows()).toBe(true)
  })
})

describe('CSV', () => {
  test('an import with one wrong line stores nothing and reports it; the right file, in Windows-1252, stores all', async () => {
    await using platform = await startTestPlatform({ plugins: [directory] })
    const editor = await platform.as('agent.directory')
    const upload = async (file: File) => {
      const answer = await editor.submit(`${APP}/gestion/importer`, { file } as never)
      expect([answer.status, answer.text]).toEqual([303, expect.any(String)])
      return (await editor.get(answer.headers['location'] ?? '', page)).text
    }
    const report = await upload(csv('Type;Nom;Prénom;Courriel\nAgent;Roy;Zoé;zoe@mairie.example\nAgent;;Luc;luc'))
    expect(['Rien n’a été importé', '2 erreurs', 'Courriel', 'Renseignez ce champ'].filter((text) => !report.includes(text))).toEqual([])
    expect(await total(editor)).toBe(0)
    const done = await upload(csv(Buffer.from('Type;Nom;Pr\u00e9nom;Courriel\r\nAgent;Roy;Zo\u00e9;zoe@mairie.example\r\n\u00c9lu;Fine;\u00c8ve;\r\n', 'latin1')))
    expect(done).toContain('2 personnes ajoutées')
    expect((await editor.get(`${APP}/api/entries?q=zoe`)).json()).toMatchObject({ entries: [{ name: 'Zoé Roy' }] })
  })

  test('the export comes back in unchanged, and no cell is a formula', async () => {
    await using platform = await startTestPlatform({ plugins: [directory], demo: true })
    const editor = await platform.as('agent.directory')
    await editor.post(`${APP}/api/persons`, { kind: 'agent', firstName: '=Anne', lastName: '+Roy', role: '@role', phone: '+32 2 123 45 67' })
    const exported = await editor.get(`${APP}/gestion/export/personnes.csv`)
    expect(exported.headers['content-type']).toMatch(/^text\/csv/)
    expect(exported.bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
    expect(exported.text.split(/[;\n\r]+/).filter((cell) => /^[=+\-@]/.test(cell))).toEqual([])
    const answer = await editor.submit(`${APP}/gestion/importer`, { file: csv(Buffer.from(exported.bytes)) } as never)
    const report = (await editor.get(answer.headers['location'] ?? '', page)).text
    expect(report).toContain('Aucune personne ajoutée, aucune mise à jour')
    expect((await editor.get(`${APP}/gestion/export/personnes.csv`)).text).toBe(exported.text)
  })
})

test('the Bureau has a tile with figures and a search', async () => {
  await using platform = await startTestPlatform({ plugins: [directory], demo: true })
  const bureau = (await (await platform.as('agent')).get('/bureau', page)).text
  expect([bureau.includes('33 élus'), bureau.includes('action="/apps/annuaire/gestion"')]).toEqual([true, true])
})
