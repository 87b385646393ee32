import { describe, expect, test } from 'vitest'
import { liberacces, temporaryFolder } from './cli-kit.ts'
import { said, saidJson } from './spoken.ts'

describe('wrong usage', () => {
  test.for([
    [['uproot', 'x', '--tenant', 'a'], 'Unknown command \'uproot\'.', 'See `liberacces --help`.'],
    [['upgrade', 'x'], 'Which tenant is not said.', 'Give --tenant SLUG, or --all. See `liberacces upgrade --help`.'],
    [['upgrade', 'x', '--tenant', 'a', '--max-failures', '2'], 'Option \'--max-failures <n>\' cannot be used with option \'--tenant <slug>\'.', 'See `liberacces upgrade --help`.'],
    [['tenant', 'import-communes'], 'Which communes is not said.', 'Give --departement CODE, --epci SIREN, or --all for all of France. See `liberacces tenant import-communes --help`.'],
    [['entitlement', 'grant', 'x', '--tenant', 'a', '--disable'], 'Nothing is taken away that could be switched off.', 'Give --only with --disable. See `liberacces entitlement grant --help`.'],
    [['entitlement', 'revoke', '--tenant', 'a'], 'Which plugins is not said.', 'Name plugins, or give --all. See `liberacces entitlement revoke --help`.'],
    [['entitlement', 'revoke', 'x', '--all', '--tenant', 'a'], 'Plugins are named, and all are meant.', 'Name plugins, or give --all. See `liberacces entitlement revoke --help`.'],
    [['quota', 'set', '--tenant', 'a'], 'Which quota is not said.', 'Give one or more of --storage, --events, --mails, --cpu. See `liberacces quota set --help`.'],
    [['tenant', 'lst'], 'Unknown command \'lst\'.', 'Did you mean list? See `liberacces tenant --help`.'],
    [['tenant', 'list', '--bogus'], 'Unknown option \'--bogus\'.', 'See `liberacces tenant list --help`.'],
    [['tenant', 'create'], 'Missing required argument \'name\'.', 'See `liberacces tenant create --help`.'],
    [['tenant', 'show', 'a', 'b'], 'Too many arguments for \'show\'. Expected 1 argument but got 2: a, b.', 'See `liberacces tenant show --help`.'],
    [['tenant', 'delete', 'aytre'], 'Required option \'--yes\' not specified.', 'See `liberacces tenant delete --help`.'],
    [['enable', 'fr.example.notices'], 'Required option \'--tenant <slug>\' not specified.', 'See `liberacces enable --help`.'],
    [['tenant', 'list', '--data'], 'Option \'--data <dir>\' argument missing.', 'See `liberacces tenant list --help`.'],
  ] as const)('[C2] %j ends with 2, and says what would be right', async ([args, message, fix]) => {
    expect(await said(args)).toEqual({ exit: 2, out: '', err: `liberacces: ${message}\n  ${fix}\n` })
    const { exit, out, err } = await said([...args.slice(0, 1), '--json', ...args.slice(1)])
    expect({ exit, out, error: (JSON.parse(err) as { error: unknown }).error }).toEqual({ exit: 2, out: '', error: { code: 'CONFIG_INVALID', message, fix } })
  })

  test.for([['--limit', '0'], ['--limit', '501'], ['--limit', 'many'], ['--limit', '1e2']])('[C2] %s %s is no number of lines', async ([option, value]) => {
    const { exit, err } = await said(['audit', 'list', '--tenant', 'a', option ?? '', value ?? ''])
    expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining('It must be a whole number from 1 to 500.') })
  })

  test('[C2] a range that is none is wrong usage, not a missing plugin', async () => {
    const { exit, err } = await said(['enable', 'fr.example.notices@nonsense', '--tenant', 'a'])
    expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining('"nonsense" is no range of versions') })
  })

  test('[C2] a commune is named by its INSEE code or by its SIREN, not by both', async () => {
    expect((await said(['tenant', 'create', 'Aytré', '--insee', '17028', '--siren', '211700281'])).exit).toBe(2)
  })

  test('[C2] nothing at all gets the help, and 2', async () => {
    const { exit, out, err } = await said([])
    expect({ exit, out, err }).toEqual({ exit: 2, out: '', err: expect.stringContaining('Usage: liberacces') })
  })
})

test('[C2] as a process: 0 done, 1 refused with what to do, 2 wrong usage', async () => {
  const data = temporaryFolder()
  expect(await liberacces(['tenant', 'list', '--data', data])).toEqual({ exit: 0, out: 'There is no tenant yet. Make the Pool with `liberacces tenant create NAME --siren N`.\n', err: '' })
  expect(await liberacces(['tenant', 'show', 'nowhere', '--data', data])).toEqual({
    exit: 1, out: '', err: 'liberacces: There is no tenant "nowhere".\n  See `liberacces tenant list` for the slugs. (TENANT_UNKNOWN)\n',
  })
  expect((await liberacces(['nonsense'])).exit).toBe(2)
})

test('[C2] as a process: a wrong variable stops every command with 1', async () => {
  const { exit, out, err } = await liberacces(['tenant', 'list', '--json', '--data', temporaryFolder()], { env: { PORT: 'none' } })
  expect({ exit, out, error: (JSON.parse(err) as { error: unknown }).error }).toEqual({
    exit: 1, out: '', error: { code: 'CONFIG_INVALID', message: 'PORT: "none" is no port.', fix: 'Give a whole number from 0 (any free port) to 65535.' },
  })
})

test('[C3] with --json an answer is one document, and a refusal is one on standard error', async () => {
  const data = temporaryFolder()
  expect(await saidJson(['tenant', 'list', '--data', data])).toEqual([])
  const { exit, out, err } = await said(['tenant', 'create', 'Aytré', '--insee', 'x', '--json', '--data', data])
  expect({ exit, out }).toEqual({ exit: 1, out: '' })
  expect(JSON.parse(err)).toEqual({ error: { code: 'TENANT_INVALID', message: expect.any(String), fix: expect.any(String), fields: { insee: expect.stringContaining('"x" is no INSEE code') } } })
})

test('[C3] --data and --json are taken before and after the command', async () => {
  const data = temporaryFolder()
  await saidJson(['tenant', 'create', 'CA de La Rochelle', '--siren', '241700434', '--data', data])
  const after = await said(['tenant', 'list', '--data', data, '--json'])
  const before = await said(['--data', data, '--json', 'tenant', 'list'])
  expect(JSON.parse(after.out)).toMatchObject([{ slug: 'pool', kind: 'pool', siren: '241700434' }])
  expect(before).toEqual(after)
})
