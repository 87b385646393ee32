import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTrustRoot } from '@liberacces/core'
import { expect, onTestFinished, test } from 'vitest'
import { certifier, ID as CERTIFIER, rotated } from './label-kit.ts'
import { liberacces } from './run-liberacces.ts'

test('[K103] a certifier that is not trusted yet is shown with its fingerprint and not trusted, unless the right one is given', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trusting-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const data = join(folder, 'data')
  await mkdir(data)
  const ours = certifier()
  const { fingerprint } = readTrustRoot(ours.root)
  await writeFile(join(folder, 'root.json'), ours.root)
  const trusted = async (): Promise<readonly unknown[]> => (JSON.parse((await liberacces(folder, data, 'label', 'show', '--json')).out) as { readonly roots: readonly unknown[] }).roots
  expect(await liberacces(folder, data, 'label', 'trust', 'root.json')).toMatchObject({ exit: 1, err: expect.stringContaining(fingerprint) })
  expect(await trusted()).toEqual([])
  expect(await liberacces(folder, data, 'label', 'trust', 'root.json', '--fingerprint', fingerprint)).toMatchObject({ exit: 0, out: expect.stringContaining('Trusting GIE d’essai') })
  expect(await trusted()).toMatchObject([{ id: CERTIFIER, fingerprint }])
  // A newer root is vouched for by the keys of the one that is known.
  await writeFile(join(folder, 'newer.json'), rotated(ours).root)
  expect((await liberacces(folder, data, 'label', 'trust', 'newer.json')).exit).toBe(0)
  expect(await liberacces(folder, data, 'label', 'untrust', CERTIFIER, '--reason', 'Contrat terminé')).toMatchObject({ exit: 0, out: expect.stringContaining('is trusted no longer') })
  expect(await trusted()).toEqual([])
})
