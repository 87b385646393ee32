import type { JSX } from '@liberacces/sdk/jsx-runtime'

/** Words that do not count in the name of a commune. */
const SMALL = /^(d|l|de|du|des|en|et|sur|sous|aux?|lès|les-)$/i

/** One or two letters that stand for a commune: "La Rochelle" gives "LR". */
export function initials(name: string): string {
  const words = name.split(/[\s'’-]+/).filter((word) => word !== '' && !SMALL.test(word))
  return words.slice(0, 2).map((word) => word[0]?.toLocaleUpperCase('fr') ?? '').join('')
}

/** The mark of a tenant without a logo: a shield with its initials. It decorates, its name stands beside it. */
export function Coat({ name }: { readonly name: string }): JSX.Element {
  return (
    <svg class="shell-coat" viewBox="0 0 40 44" width="40" height="44" aria-hidden="true" focusable="false">
      <path class="shell-coat-field" d="M2 2h36v20c0 10-7.5 16.5-18 20C9.5 38.5 2 32 2 22z" />
      <text class="shell-coat-letters" x="20" y="26" text-anchor="middle">{initials(name)}</text>
    </svg>
  )
}
