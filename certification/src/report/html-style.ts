/** The style of the report. It follows the reader's colours and size, and needs no font of its own. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#161616;--paper:#fff;--faint:#e5e5e5;--good:#18753c;--bad:#b3000d;--open:#6a4b00}
@media (prefers-color-scheme:dark){:root{--ink:#f2f2f2;--paper:#161616;--faint:#3a3a3a;--good:#7ed69b;--bad:#ff9c95;--open:#f3cf7b}}
body{margin:0;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
header,main,footer{max-width:60rem;margin:0 auto;padding:1rem}
header,footer{border-color:var(--faint);border-style:solid;border-width:0 0 1px}
footer{border-width:1px 0 0}
h1 span{font-weight:400}
h1,h2,h3,h4{line-height:1.25}
a{color:inherit}
.jump{position:absolute;left:-100vw}
.jump:focus{left:1rem;top:.5rem;background:var(--paper);padding:.5rem}
.verdict{padding:1rem;border-left:.5rem solid}
.verdict.pass{border-color:var(--good)}.verdict.fail{border-color:var(--bad)}.verdict.review,.verdict.error{border-color:var(--open)}
table{border-collapse:collapse;width:100%}
caption{text-align:left;font-weight:700;padding:.5rem 0}
th,td{border-bottom:1px solid var(--faint);padding:.5rem;text-align:left;vertical-align:top}
th[scope=row]{font-weight:400}
td.pass,.rule.pass{color:var(--good)}td.fail,.rule.fail{color:var(--bad)}td.review,td.error,.rule.review{color:var(--open)}
article{overflow-wrap:anywhere;border:1px solid var(--faint);padding:0 1rem;margin:1rem 0}
code,pre{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
pre{background:var(--faint);padding:.5rem;overflow:auto;white-space:pre-wrap}
td,th{overflow-wrap:anywhere}
@media (max-width:40rem){table,caption,tbody,tr,th,td{display:block}thead{position:absolute;left:-100vw}tr{border-bottom:1px solid var(--faint);padding:.5rem 0}th,td{border:0;padding:.15rem 0}td::before{content:attr(data-column) " ";color:var(--ink)}th[scope=row]{font-weight:700}}
dt{font-weight:700}dd{margin:0 0 .5rem}
:focus-visible{outline:3px solid;outline-offset:2px}
@media print{.jump{display:none}article{break-inside:avoid}}
`
