import { onTestFinished } from 'vitest'
import { startCuttableWay, type CuttableWay } from '../src/testing/cuttable-way.ts'

/** A way to a database that is gone when the test is. */
export async function wayTo(url: string): Promise<CuttableWay & { readonly url: string }> {
  const { hostname, port } = new URL(url)
  const way = await startCuttableWay({ host: hostname, port: Number(port || 5432) })
  onTestFinished(() => way.close())
  return Object.assign(way, { url: way.by(url) })
}
