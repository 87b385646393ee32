// Nobody is logged in: pages that were kept for times without a network are of somebody who has left.
if ('caches' in globalThis) {
  for (const name of await caches.keys()) if (name.startsWith('liberacces-offline:')) await caches.delete(name)
}
