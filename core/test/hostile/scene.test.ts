import { expect, test } from 'vitest'
import { startScene } from './scene.ts'
import { bundlePlugins } from './pack-plugins.ts'

test('[R90] scene', async () => {
  let t = performance.now()
  await using scene = await startScene()
  console.log('scene', performance.now() - t, scene.known); t = performance.now()
  await scene.neighbourhood.answers(200)
  console.log(scene.neighbourhood.account(), performance.now() - t); t = performance.now()
  const codes = await bundlePlugins(['evils/undeclared.ts'])
  await scene.install(codes.get('undeclared') ?? '')
  await scene.enable('fr.evil.undeclared')
  console.log('install', performance.now() - t)
  console.log(await scene.ask(`/apps/undeclared/try?known=${encodeURIComponent(JSON.stringify(scene.known))}`))
  console.log(scene.log.slice(-10))
  expect(scene.neighbourhood.account().wrong).toEqual([])
})
