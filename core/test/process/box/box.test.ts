import { expect, test } from 'vitest'
import { findStandingWalls } from '../../../src/process/box/standing-walls.ts'
import { certifyBox } from './certify-box.ts'

const { bubblewrap, walls } = await findStandingWalls('best')

certifyBox('node', undefined)
certifyBox('best', bubblewrap === undefined ? walls.find(({ id }) => id === 'sandbox')?.what : undefined)

test('[R85] without a sandbox a platform that requires one opens no box, and says what to do', async () => {
  if (bubblewrap === undefined) await expect(findStandingWalls('require')).rejects.toMatchObject({ code: 'BOX_UNAVAILABLE', fix: expect.stringContaining('bubblewrap') as string })
  else expect((await findStandingWalls('require')).bubblewrap).toEqual(bubblewrap)
  expect((await findStandingWalls('node')).bubblewrap).toBeUndefined()
  expect((await findStandingWalls('node')).walls.filter(({ stands }) => !stands)).toMatchObject([{ id: 'sandbox', fix: 'Set LIBERACCES_WALLS=best.' }])
})
