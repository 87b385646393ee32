import { expect, test } from 'vitest'
import { said } from './spoken.ts'

const COMMANDS = [
  '', 'serve', 'demo',
  'tenant', 'tenant list', 'tenant create', 'tenant show', 'tenant delete',
  'plugin', 'plugin list', 'plugin install', 'plugin verify', 'plugin remove', 'enable', 'disable', 'upgrade', 'rollback', 'consent', 'consent list', 'consent accept', 'consent refuse',
  'purge', 'archive', 'archive list', 'archive restore', 'archive delete',
  'entitlement', 'entitlement show', 'entitlement grant', 'entitlement revoke', 'entitlement reset', 'quota', 'quota show', 'quota set',
  'account', 'account list', 'account create', 'account disable', 'token', 'token create',
  'events', 'events list', 'events show', 'events replay', 'events dead-letters', 'audit', 'audit list',
  'gdpr', 'gdpr register', 'gdpr export', 'gdpr erase',
  'doctor',
]

test('[C1] --help says how to use every command, and says the same every time', async () => {
  const texts: string[] = []
  for (const command of COMMANDS) {
    const { exit, out, err } = await said([...command.split(' ').filter(Boolean), '--help'])
    expect({ command, exit, err }).toEqual({ command, exit: 0, err: '' })
    texts.push(`$ liberacces ${command}${command === '' ? '' : ' '}--help\n${out}`)
  }
  await expect(texts.join('\n')).toMatchFileSnapshot('./help.golden.txt')
})

test('[C1] the version is that of the package', async () => {
  expect(await said(['--version'])).toEqual({ exit: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' })
})
