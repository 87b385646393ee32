/** The one style sheet of the register. Colours have a contrast of 7:1 or more; nothing is wider than 320 px needs. */
export const REGISTER_STYLE = `:root { color-scheme: light; font: 100%/1.6 system-ui, sans-serif; color: #1b2a41; background: #fff; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; overflow-wrap: anywhere; }
header, footer { border-block: 1px solid #8a94a6; padding-block: .5rem; }
header p { margin: 0; }
h1, h2, h3 { line-height: 1.25; }
a { color: #1f3a8a; }
a:focus-visible, summary:focus-visible { outline: 3px solid #1f3a8a; outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: bold; padding-block: .5rem; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #8a94a6; overflow-wrap: normal; }
tbody th { font-weight: normal; }
tbody th a { font-weight: bold; }
@media (max-width: 48rem) {
  table, caption, tbody, tr, th, td { display: block; }
  thead { position: absolute; left: -999rem; }
  tr { border-bottom: 1px solid #8a94a6; padding-block: .5rem; }
  th, td { border: 0; padding: .15rem 0; overflow-wrap: anywhere; }
  td::before { content: attr(data-column) " "; font-weight: bold; }
}
section { border-top: 1px solid #8a94a6; }
dt { font-weight: bold; }
dd { margin: 0 0 .5rem; }
img { max-width: 100%; height: auto; }
`
