import { definePlugin, Type, type Plugin } from '@liberacces/sdk'
import { Page } from '@liberacces/sdk/ui'

const texts = { 'page': 'Liste', 'plain': 'Sans programme', 'deed': 'Envoyer', 'script.lost': 'Sans cela, la liste ne fonctionne pas hors ligne.' }

/** A plugin with a page whose script is `main`, kept for times without a network, and one without a script. */
export function scriptedPlugin(id: string, scopes: 'required' | 'optional' = 'required'): Plugin {
  const declared = scopes === 'required' ? { scopes: ['browser'] as const } : { scopes: [] as const, optionalScopes: { browser: { fr: texts['script.lost'] } } as const }
  return definePlugin()({
    id: `fr.test.${id}`, version: '1.0.0', path: id, sdk: '*', license: 'MIT', title: { fr: id }, publisher: { name: 'Test', contact: 'x' },
    ...declared, browser: ['main'], permissions: { use: { title: { fr: 'Utiliser' }, roles: ['agent'] } }, privacy: { stores: [] }, messages: { fr: texts, en: texts },
    setup(k) {
      k.page({ path: '/liste', audience: 'agent', permission: 'use', title: 'page', query: Type.Object({ n: Type.Optional(Type.Integer()) }), browser: { script: 'main', offline: true, camera: true } },
        (c) => <Page title={c.t('page')}><p id="told">rien</p><p>{`Vu par ${c.actor.name}`}</p></Page>)
      k.page({ path: '/simple', audience: 'agent', permission: 'use', title: 'plain' }, (c) => <Page title={c.t('plain')}><p>{c.t('plain')}</p></Page>)
      k.route({ method: 'GET', path: '/donnees', audience: 'agent', permission: 'use', summary: 'Data', response: { 200: Type.Object({ of: Type.String() }) } }, (c) => c.reply(200, { of: id }))
    },
  }) as Plugin
}

/** Tries what a script of a plugin must not reach, and writes down what came of it; and what it may. */
export const REACHING = `
const out = {}
const attempt = async (name, run) => { try { out[name] = String(await run()) } catch (error) { out[name] = 'refused' } }
const load = (element) => new Promise((resolve) => { element.onload = () => resolve('loaded'); element.onerror = () => resolve('refused'); document.body.append(element); setTimeout(resolve, 800, 'nothing') })
await attempt('own', async () => (await (await fetch('/apps/eins/donnees')).json()).of)
await attempt('other', () => fetch('/apps/zwei/donnees').then((answer) => answer.status))
await attempt('administration', () => fetch('/bureau').then((answer) => answer.status))
await attempt('upwards', () => fetch('/apps/eins/../zwei/donnees').then((answer) => answer.status))
await attempt('elsewhere', () => fetch('http://pool.localhost:' + location.port + '/').then((answer) => answer.status))
await attempt('beacon', () => new Promise((resolve) => { document.addEventListener('securitypolicyviolation', () => resolve('refused'), { once: true }); navigator.sendBeacon('/apps/zwei/x', 'x'); setTimeout(resolve, 800, 'sent') }))
await attempt('window', () => window.open('/bureau') === null ? 'refused' : 'opened')
await attempt('frame', async () => { const frame = document.createElement('iframe'); frame.src = '/bureau'; await load(frame); return frame.contentDocument?.body?.textContent ? 'read' : 'refused' })
await attempt('blank frame', async () => { const frame = document.createElement('iframe'); document.body.append(frame); return (await frame.contentWindow.fetch('/bureau')).status })
await attempt('script', () => { const script = document.createElement('script'); script.src = '/apps/zwei/donnees'; return load(script) })
await attempt('inline', async () => { const script = document.createElement('script'); script.textContent = 'window.ran = 1'; document.body.append(script); return window.ran === 1 ? 'ran' : 'refused' })
await attempt('eval', () => (0, eval)('1'))
await attempt('html', () => { document.createElement('p').innerHTML = '<b>x</b>'; return 'made' })
await attempt('module', () => import('/assets/turbo.js').then(() => 'loaded'))
await attempt('worker', () => new Worker('/apps/eins/donnees') && 'made')
await attempt('service worker', () => navigator.serviceWorker.register('/apps/eins/donnees').then(() => 'registered'))
await attempt('policy', () => trustedTypes.createPolicy('liberacces-offline', { createScriptURL: (x) => x }) && 'made')
await attempt('form', () => new Promise((resolve) => { document.addEventListener('securitypolicyviolation', () => resolve('refused'), { once: true }); const form = document.createElement('form'); form.method = 'post'; form.action = '/admin/modules'; document.body.append(form); form.submit(); setTimeout(resolve, 800, 'sent') }))
await attempt('cookie', () => document.cookie.includes('session') ? 'read' : 'refused')
document.getElementById('told').textContent = JSON.stringify(out)
`
