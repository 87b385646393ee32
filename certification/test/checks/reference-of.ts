import type { AnyCheck, Gate } from '../../src/harness/check.ts'

/** The page docs/reference/checks.md. */
export function referenceOf(checks: readonly AnyCheck[], gates: readonly Gate[]): string {
  return [
    '# Checks of the certification',
    '',
    'Made from the checks themselves; a test holds it true. [How to certify a plugin](../how-to/certify-a-plugin.md), [how it works](../explanation/certification.md).',
    `\`liberacces-certify explain ID\` says the same on the terminal. ${checks.length} checks; a level says from which grade on a check blocks.`,
    '',
    '| check | level | gate | what |',
    '| --- | --- | --- | --- |',
    ...gates.flatMap((gate) => checks.filter((check) => check.gate === gate)).map(({ id, level, gate, title }) => `| [${id}](#${anchor(id, title.en)}) | ${level} | ${gate} | ${cell(title.en)} |`),
    ...gates.filter((gate) => checks.some((check) => check.gate === gate)).flatMap((gate) => ['', `## Gate ${gate}`, ...checks.filter((check) => check.gate === gate).flatMap(sectionOf)]),
    '',
  ].join('\n')
}

function sectionOf({ id, level, maturity, forLabel, title, rationale, howToFix, example, refs }: AnyCheck): readonly string[] {
  const references = [...(refs?.rgaa ?? []).map((rgaa) => `RGAA ${rgaa}`), ...(refs?.cwe ?? []).map((cwe) => `CWE-${cwe}`), ...(refs?.article === undefined ? [] : [refs.article])]
  return [
    '', `### ${id} ${title.en}`, '', `*${title.fr}.* Level ${level}${maturity === 'enforced' ? '' : `, ${maturity}`}${references.length === 0 ? '' : `; ${references.join(', ')}`}.${forLabel === true ? ' No label of any grade is given while it fails.' : ''}`,
    '', `${plain(rationale.en)}`, '', `**Fix.** ${plain(howToFix)}`, '', '```text', `wrong  ${example.bad.replaceAll('\n', '\n       ')}`, `right  ${example.good.replaceAll('\n', '\n       ')}`, '```',
  ]
}

/** Text in which nothing is taken for Markdown or HTML. */
function plain(text: string): string {
  return text.split(/(`[^`]*`)/).map((part) => (part.startsWith('`') ? part : part.replaceAll(/[<>*_[\]{}]/g, String.raw`\$&`).replaceAll(/(?<!\w)https?:\/\/[^\s)]+/g, '<$&>'))).join('')
}

function cell(text: string): string {
  return plain(text).replaceAll('|', String.raw`\|`)
}

/** As code hosts make it of a heading. */
function anchor(id: string, title: string): string {
  return `${id} ${title}`.toLowerCase().replaceAll(/[^\p{L}\p{N}\s-]/gu, '').replaceAll(' ', '-')
}
