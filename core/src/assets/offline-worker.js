// Shows pages of one plugin again when there is no network. The platform's own, with the plugin's SETTINGS put in front: a worker that a plugin wrote could
// answer its pages with any headers, and so without the policy that holds their scripts. What is kept is in a cache that scripts of all plugins of the tenant
// can reach. So it is encrypted and bound to its address, with a key that only this plugin's addresses give; and it is answered with the platform's headers.

const CACHE = SETTINGS.name + SETTINGS.release
/** A network that has not answered for so long, in milliseconds, is taken for none where there is a page to show. */
const SLOW_MS = 4_000
const KEPT_AT = 'liberacces-kept-at'
const KEPT_TYPE = 'liberacces-kept-type'
/** What a proxy says when the platform is away. */
const AWAY = [502, 503, 504]

const key = crypto.subtle.importKey('raw', Uint8Array.from(SETTINGS.key.match(/../g), (pair) => Number.parseInt(pair, 16)), 'AES-GCM', false, ['encrypt', 'decrypt'])

self.addEventListener('install', () => { self.skipWaiting() })

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith(SETTINGS.name) && name !== CACHE) await caches.delete(name)
    await self.clients.claim()
  })())
})

self.addEventListener('message', (event) => {
  const { keep, assets } = event.data ?? {}
  if (typeof keep === 'string' && Array.isArray(assets)) event.waitUntil(keepAll(keep, assets.filter((one) => typeof one === 'string')))
})

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname, search } = new URL(url)
  if (method !== 'GET' || origin !== location.origin) return
  if (mode === 'navigate') event.respondWith(pageFor(event, pathname + search))
  else if (isAsset(pathname)) event.respondWith(assetFor(pathname + search))
})

/** What the platform puts around pages that it keeps, and the plugin's scripts. */
function isAsset(path) {
  return path === SETTINGS.keeper || path === '/theme.css' || (path.startsWith('/assets/') && path.endsWith('.css')) || path.startsWith(SETTINGS.scripts)
}

/** The page in use when the worker came was loaded without it. */
async function keepAll(page, assets) {
  for (const one of assets) {
    const { pathname, search } = new URL(one, location.origin)
    if (isAsset(pathname)) await assetFor(pathname + search)
  }
  const { origin, pathname, search } = new URL(page, location.origin)
  if (origin !== location.origin || !pathname.startsWith(SETTINGS.base)) return
  await keepPage(pathname + search, await fetch(pathname + search, { redirect: 'manual', headers: { accept: 'text/html' } }))
}

async function pageFor(event, path) {
  const fresh = fetch(event.request).then(async (answer) => {
    event.waitUntil(keepPage(path, answer.clone()))
    return AWAY.includes(answer.status) ? (await kept(path, SETTINGS.headers)) ?? answer : answer
  })
  const known = await kept(path, SETTINGS.headers)
  if (known === undefined) return fresh
  const slow = new Promise((resolve) => { setTimeout(resolve, SLOW_MS, known) })
  return Promise.race([fresh.catch(() => known), slow])
}

/** Keeps a page that says so; one that was kept and is refused now was of somebody who may no longer see it. */
async function keepPage(path, answer) {
  if (answer.ok && answer.headers.get('liberacces-offline') === 'keep') await keep(path, answer)
  else if (answer.type === 'opaqueredirect' || (answer.status >= 400 && answer.status < 500)) {
    const cache = await caches.open(CACHE)
    if (await cache.match(path) !== undefined) await caches.delete(CACHE)
  }
}

async function assetFor(path) {
  let found
  try {
    found = await fetch(path)
  } catch (cause) {
    const known = await kept(path, { 'X-Content-Type-Options': 'nosniff' })
    if (known === undefined) throw cause
    return known
  }
  if (found.ok) await keep(path, found.clone())
  return found
}

async function keep(path, answer) {
  const at = String(Date.now())
  const type = answer.headers.get('content-type') ?? ''
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: boundTo(path, at, type) }, await key, await answer.arrayBuffer())
  const cache = await caches.open(CACHE)
  await cache.put(path, new Response(new Blob([iv, sealed]), { headers: { [KEPT_AT]: at, [KEPT_TYPE]: type } }))
}

/** What was kept under a path and is not too old; nothing where somebody else than this worker wrote it. */
async function kept(path, headers) {
  const cache = await caches.open(CACHE)
  const found = await cache.match(path)
  if (found === undefined) return undefined
  const [at, type] = [found.headers.get(KEPT_AT) ?? '', found.headers.get(KEPT_TYPE) ?? '']
  const age = Date.now() - Number(at)
  try {
    if (!(age >= 0 && age < SETTINGS.keptMs)) throw new RangeError('It is too old.')
    const bytes = new Uint8Array(await found.arrayBuffer())
    const content = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes.subarray(0, 12), additionalData: boundTo(path, at, type) }, await key, bytes.subarray(12))
    return new Response(content, { headers: { ...headers, 'Content-Type': type } })
  } catch (cause) {
    // Told to whoever looks, and not used.
    self.reportError(cause)
    await cache.delete(path)
    return undefined
  }
}

function boundTo(path, at, type) {
  return new TextEncoder().encode(JSON.stringify([path, at, type]))
}
