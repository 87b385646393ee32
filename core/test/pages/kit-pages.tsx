import { Type } from '@liberacces/sdk'
import type { VNode } from '@liberacces/sdk/host'
import {
  ActionButton, Actions, Badge, ButtonLink, Card, CardList, DataTable, DescriptionList, EmptyState, Form, Icon, LinkRow, Markdown, Notice, Page, Pagination, Roll, SchemaForm, SearchForm, Section, Select, Tabs, TextInput, Tile, Time,
} from '@liberacces/sdk/ui'
import fc from 'fast-check'

const word = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('<b>', '"', '\'', '&amp;', 'Été & cie', '</p>', '\u00a0', '<script>', '{}', '😀'))
const path = fc.constantFrom('/apps/own/', '/apps/own/a?b=1&c=2', '/apps/own/é', '/bureau', '?page=2', '#field-a', 'https://www.exemple.fr/x', 'mailto:a@b.fr', 'tel:+33100000000')
const own = fc.constantFrom('/apps/own/a', '/apps/own/a/b?c=d', '')

const Everything = Type.Object({
  name: Type.String({ maxLength: 40 }), text: Type.Optional(Type.String({ maxLength: 4000 })), mail: Type.String({ format: 'email' }), day: Type.Optional(Type.String({ format: 'date' })),
  count: Type.Integer(), size: Type.Optional(Type.Number()), yes: Type.Boolean(), one: Type.Union([Type.Literal('a'), Type.Literal('b')]),
  many: Type.Array(Type.Union([Type.Literal('x'), Type.Literal('y')])), group: Type.Object({ street: Type.String(), city: Type.Optional(Type.String()) }),
})

/** Whatever the kit can render, with texts that are none too kind. */
export const kitPages: fc.Arbitrary<VNode> = fc.record({ a: word, b: word, href: path, action: own, n: fc.integer({ min: 0, max: 9 }), on: fc.boolean() }).map(({ a, b, href, action, n, on }) => (
  <Page title={a} intro={<p>{b}</p>} actions={<><ActionButton action={action} label={a} subject={b} /><ButtonLink href={href}>{b}</ButtonLink></>} breadcrumb={[{ label: a, href }]}>
    <Notice kind={on ? 'error' : 'success'} title={a}><p>{b}</p></Notice>
    <Tabs label={a} items={[{ label: a, href, current: on }, { label: b, href: '/x' }]} />
    <Section title={a} level={on ? 2 : 3} actions={<Badge kind="warning">{b}</Badge>}>
      <DataTable caption={a} rows={[{ key: a, value: b, n }, { key: b, value: a, n }]} sort={{ key: 'key', direction: on ? 'asc' : 'desc' }} sortHref={(key, direction) => `?sort=${key}&dir=${direction}`}
        columns={[{ key: 'key', header: a, sortable: true }, { key: 'value', header: b }, { key: 'n', header: 'N', numeric: true, cell: ({ n: value }) => <Actions><ActionButton action={action} label={a} confirm={b} kind="danger" />{value}</Actions> }]}
        pagination={{ page: n + 1, pageCount: 12, href: (page) => `?page=${page}` }} exports={[{ label: a, href }]} />
    </Section>
    <DescriptionList items={[{ term: a, description: <Time date="2026-05-02" /> }, { term: `${b}.`, description: <Time date="2026-05-02T12:00:00Z" withTime /> }]} />
    <CardList><Card title={a} href={href} image={{ src: '/apps/own/image.png', alt: b }} meta={b}><p>{a}</p></Card><Card title={b} level={2} /></CardList>
    <Tile count={n} label={a} href={href} linkLabel={b}><Icon name="mail" /></Tile>
    <EmptyState title={a}><p>{b}</p></EmptyState>
    <LinkRow label={a} items={[{ label: a, href, hint: b, rel: 'next' }]} />
    <Pagination page={3} pageCount={9} href={(page) => `?page=${page}`} />
    <SearchForm action={action} label={a} value={b}><Select name="kind" label={b} value="x" options={[{ value: 'x', label: a }, { value: b, label: b }]} /></SearchForm>
    <Form action={action} multipart={on}><TextInput name="q" label={a} hint={b} error={b} value={a} type="email" /><TextInput name="p" label={a} type="password" optional /></Form>
    <SchemaForm schema={Everything} values={{ name: a, text: b, count: n, many: ['x'] }} errors={{ name: b, 'group.street': a }} label={(key) => `${key} ${a}`} submitLabel={a} action={action} cancelHref={href} />
    <Markdown text={`# ${a}\n\n${b} **x** [l](https://www.exemple.fr) ![i](/apps/own/i.png)\n\n- a\n  1. b\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n> c\n\n\`\`\`js\nx < 1\n\`\`\`\n\n---\nmail@exemple.fr`} />
    <Form action={action}><Roll label={a} items={[{ id: 'x', name: a, href, detail: b, state: { kind: 'success', text: a }, alert: b, value: `${a}|${b}`, actions: [{ label: b, name: 'mark', value: a, pressed: on }, { label: a, name: 'mark', value: b }] }]} /></Form>
    <Pagination page={1} pageCount={1} href={() => ''} />
  </Page>
))
