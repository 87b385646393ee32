import { parse, type DefaultTreeAdapterTypes } from 'parse5'

/** What a page offers to whoever looks at it. */
export interface ReadPage {
  /** Addresses of links, in their order. */
  readonly links: readonly string[]
  /** Forms that post, in their order; an empty address is the page's own. */
  readonly forms: readonly ReadForm[]
}

/** A form as the page shows it. */
export interface ReadForm {
  readonly action: string
  /** What each field holds, or has to choose from, by its name. */
  readonly offered: ReadonlyMap<string, readonly string[]>
}

type Element = DefaultTreeAdapterTypes.Element

/** Reads the links and forms of a page of HTML. */
export function readPage(html: string): ReadPage {
  const links: string[] = []
  const forms: { readonly action: string; readonly offered: Map<string, string[]> }[] = []
  const visit = (node: DefaultTreeAdapterTypes.Node, form: Map<string, string[]> | undefined, select: string | undefined): void => {
    let [within, chosen] = [form, select]
    if ('tagName' in node) {
      const attribute = (name: string): string | undefined => (node as Element).attrs.find((one) => one.name === name)?.value
      const name = attribute('name')
      const offer = (field: string | undefined, value: string | undefined): void => {
        if (form !== undefined && field !== undefined && value !== undefined && value !== '') form.set(field, [...form.get(field) ?? [], value])
      }
      if (node.tagName === 'a') links.push(...[attribute('href') ?? []].flat())
      else if (node.tagName === 'form' && attribute('method')?.toLowerCase() === 'post') forms.push({ action: attribute('action') ?? '', offered: within = new Map() })
      else if (node.tagName === 'select') chosen = name
      else if (node.tagName === 'option') offer(select, attribute('value'))
      else if (node.tagName === 'input' || node.tagName === 'button') offer(name, attribute('value'))
    }
    if ('childNodes' in node) for (const child of node.childNodes) visit(child, within, chosen)
  }
  visit(parse(html), undefined, undefined)
  return { links, forms }
}
