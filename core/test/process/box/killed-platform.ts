// Stands in for a platform that is killed: opens a box with a child in it that it tells one misdeed, and says its process id.

import { once } from 'node:events'
import { openBox } from '../../../src/process/box/open-box.ts'
import type { WallPolicy } from '../../../src/process/box/wall-policy.ts'

const [walls = 'best', program = '', release = '', misdeed = ''] = process.argv.slice(2)
const box = await openBox({ name: 'test.plugin 1.0.0', program, readable: [release], memoryMb: 128, walls: walls as WallPolicy })
await once(box.channel, 'data')
box.channel.write(`${misdeed}\n`)
process.stdout.write(String(box.pid))
