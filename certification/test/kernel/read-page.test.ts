import { expect, test } from 'vitest'
import { canaryInput } from '../../src/kernel/canary-input.ts'
import { CanaryPen } from '../../src/kernel/canary-pen.ts'
import { readPage } from '../../src/kernel/read-page.ts'
import { Type } from '@liberacces/sdk'

test('[C523] links, forms that post and what their fields offer are read from a page; a search is no deed', () => {
  const page = readPage(`
    <a href="/apps/x/a?b=1&amp;c=2">A</a> <a>none</a>
    <form method="get" action="/apps/x/search"><input name="q" value="w"></form>
    <form method="post" action="/apps/x/b/go"><button>Go</button></form>
    <form method="POST"><input type="hidden" name="who" value="Léa"><select name="kind"><option value="">–</option><option value="k1">1</option><option value="k2">2</option></select>
      <input type="checkbox" name="day" value="mon"><input type="checkbox" name="day" value="tue"><input name="empty" value=""></form>`)
  expect(page.links).toEqual(['/apps/x/a?b=1&c=2'])
  expect(page.forms.map(({ action, offered }) => [action, Object.fromEntries(offered)])).toEqual([['/apps/x/b/go', {}], ['', { who: ['Léa'], kind: ['k1', 'k2'], day: ['mon', 'tue'] }]])
})

test('[C521] examples are used from the third try on, in lists once, and canaries before', () => {
  const schema = Type.Object({ contract: Type.String({ examples: ['fr.example.said/v1', 'fr.example.heard/v1'] }), types: Type.Array(Type.String({ examples: ['fr.example.said/v1'] }), { minItems: 2 }), note: Type.String() })
  const pen = new CanaryPen(1, 'alpha', 'somebody')
  const made = (variant: number): { readonly contract: string; readonly types: readonly string[]; readonly note: string } => canaryInput(schema as never, { pen, place: 'here', seed: 1, variant }) as never
  for (const variant of [0, 1]) {
    const { contract, types } = made(variant)
    expect([contract, ...types].map((text) => pen.foundIn(text).length)).not.toContain(0)
  }
  for (const variant of [2, 3]) {
    const { contract, types, note } = made(variant)
    expect({ contract, types }).toEqual({ contract: 'fr.example.said/v1', types: ['fr.example.said/v1'] })
    expect(pen.foundIn(note)).toHaveLength(1)
  }
  expect(made(4).contract).toBe('fr.example.heard/v1')
})
