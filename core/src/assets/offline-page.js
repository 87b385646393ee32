// Has the page on which it stands kept for times without a network. The platform's own; it comes before the plugin's script, so that the one policy by which an
// address becomes a worker is taken when that runs.

/** @param {string} address */
const trusted = (address) => {
  const types = /** @type {any} */ (globalThis).trustedTypes
  return types === undefined ? address : types.createPolicy('liberacces-offline', { createScriptURL: (/** @type {string} */ given) => given }).createScriptURL(address)
}

const address = document.querySelector('meta[name="liberacces-offline"]')?.getAttribute('content')
if (typeof address === 'string' && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register(trusted(address), { updateViaCache: 'none' })
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => {
      const assets = [...document.querySelectorAll('link[rel="stylesheet"], script[src]')].map((one) => one.getAttribute('href') ?? one.getAttribute('src'))
      active?.postMessage({ keep: location.pathname + location.search, assets })
    })
    // The page works as it is; only a network it will need.
    .catch(reportError)
}
