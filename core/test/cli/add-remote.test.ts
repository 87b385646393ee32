import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { pluginAddRemote } from '../../src/cli/commands/plugin-add-remote.ts'
import { readConfig } from '../../src/config.ts'
import { createPlatform, type Platform } from '../../src/platform.ts'
import { testDatabase } from '../../src/testing/test-database.ts'
import { temporaryFolder } from './cli-kit.ts'

/** An application that says what it is, and no more. */
async function serveApplication(): Promise<string> {
  const server = createServer((_request, response) => {
    response.end(JSON.stringify({
      protocol: 1, privacy: { stores: [] },
      plugin: {
        id: 'org.example.elsewhere', version: '1.0.0', path: 'ailleurs', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Ailleurs' }, publisher: { name: 'Test', contact: 'https://example.org' },
        scopes: ['mail:send'], messages: { fr: {}, en: {} },
      },
    }))
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** What the command says on this platform. */
async function add(platform: Platform, url: string, options: object = {}, input = ''): Promise<{ readonly document: unknown; readonly text: string }> {
  const said: { readonly document: unknown; readonly text: string }[] = []
  await pluginAddRemote.run(platform, { args: [url], options } as never, {
    json: false, folder: '/', note: () => undefined, input: async () => input, answer: (document, text) => { said.push({ document, text }) },
  })
  const [answer] = said
  if (answer === undefined || said.length > 1) throw new Error(`It answered ${said.length} times.`)
  return answer
}

test('[R141] plugin add-remote says what an application asks for and its secret, once; a secret that it has comes from standard input', async () => {
  const url = await serveApplication()
  const folder = temporaryFolder()
  const database = await testDatabase()
  const config = readConfig({ LIBERACCES_DATA: folder, LIBERACCES_DATABASE_URL: database?.url, LIBERACCES_LOG: 'silent', LIBERACCES_EGRESS_ALLOW: 'org.example.elsewhere=127.0.0.1' }, folder)
  const platform = await createPlatform({ config, plugins: [] })
  onTestFinished(async () => {
    await platform.stop()
    await database?.drop()
  })
  const added = await add(platform, url)
  expect(added.document).toMatchObject({ id: 'org.example.elsewhere', version: '1.0.0', already: false, scopes: ['mail:send'], url })
  expect(added.text).toMatch(/^Added org\.example\.elsewhere 1\.0\.0 \(sha256-.*\n {2}answers at {2}http.*\n {2}scopes {6}mail:send\n[^]* whsec_[A-Za-z0-9+/]{43}=\n/)
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const again = await add(platform, url, { secretStdin: true }, `${secret}\n`)
  expect(again.document).toMatchObject({ already: true, url })
  expect(JSON.stringify(again)).not.toContain('whsec_')
  expect(platform.applications.find('org.example.elsewhere').secrets[0]).toBe(secret)
  await expect(add(platform, url, { secretStdin: true }, 'whsec_short\n')).rejects.toMatchObject({ code: 'REMOTE_INVALID' })
  expect(pluginAddRemote.wrongUse?.({ args: [url], options: { secretStdin: true, newSecret: true } } as never)).toContain('--new-secret')
})
