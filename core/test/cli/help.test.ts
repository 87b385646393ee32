import { expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/run-command-line.ts'
import { said } from './spoken.ts'

// Every command, and before the first of a group the word that leads to it.
const HELPS = ['', ...new Set(COMMANDS.flatMap(({ name }) => name.split(' ').length === 1 ? [name] : [name.split(' ')[0] ?? '', name]))]

test('[C1] --help says how to use every command, and says the same every time', async () => {
  const texts: string[] = []
  for (const command of HELPS) {
    const { exit, out, err } = await said([...command.split(' ').filter(Boolean), '--help'])
    expect({ command, exit, err }).toEqual({ command, exit: 0, err: '' })
    texts.push(`$ liberacces ${command}${command === '' ? '' : ' '}--help\n${out}`)
  }
  await expect(texts.join('\n')).toMatchFileSnapshot('./help.golden.txt')
})

test('[C1] the version is that of the package', async () => {
  expect(await said(['--version'])).toEqual({ exit: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' })
})
