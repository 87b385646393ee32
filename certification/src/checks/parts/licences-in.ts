import parseLicence, { type Info } from 'spdx-expression-parse'

/** The licences that an expression names, without "or later": `GPL-3.0-or-later OR MIT` gives `GPL-3.0` and `MIT`. Empty for what is no expression. */
export function licencesIn(expression: string): readonly string[] {
  const walk = (node: Info): readonly string[] => ('license' in node ? [withoutLater(node.license)] : [...walk(node.left), ...walk(node.right)])
  try {
    return walk(parseLicence(expression))
  } catch {
    return []
  }
}

/** `GPL-3.0-only` and `GPL-3.0-or-later` have one text. */
function withoutLater(id: string): string {
  return id.replace(/-(only|or-later)$/, '')
}
