import { expect, test } from 'vitest'
import { findStandingWalls, lookAround } from '../../../src/process/box/standing-walls.ts'
import { certifyBox } from './certify-box.ts'

const { bubblewrap, walls } = await findStandingWalls('best')

certifyBox('node', undefined)
certifyBox('best', bubblewrap === undefined ? walls.find(({ id }) => id === 'sandbox')?.what : undefined)

test('[R85] without a sandbox a platform that requires one opens no box, and says what to do', async () => {
  const bare = { PATH: '' }
  await expect(lookAround('require', bare)).rejects.toMatchObject({ code: 'BOX_UNAVAILABLE', fix: expect.stringContaining('apt-get install bubblewrap') as string })
  expect((await lookAround('best', bare)).walls.filter(({ stands }) => !stands)).toMatchObject([{ id: 'sandbox', what: 'bubblewrap (bwrap) is not installed' }])
  expect((await lookAround('node')).walls.filter(({ stands }) => !stands)).toMatchObject([{ id: 'sandbox', fix: 'Set LIBERACCES_WALLS=best.' }])
})
