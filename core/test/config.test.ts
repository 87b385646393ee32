import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'

describe('the environment', () => {
  test('[N1] without a variable everything has its documented default', () => {
    expect(readConfig({}, '/srv/pool')).toEqual({
      port: 3000, host: '127.0.0.1', dataFolder: '/srv/pool/data', baseDomain: 'localhost', logLevel: 'info', secretFile: undefined, databaseUrl: undefined, files: undefined, tracing: undefined, stopDelayMs: 0, walls: 'best', callbackUrl: undefined, breaker: { failures: 5 }, runtime: { all: 'by-origin', of: new Map() }, processGroups: [], trustedProxies: [],
      egress: { allows: expect.any(Function) as unknown },
    })
  })

  test.each([
    ['PORT', 'abc', 'PORT: "abc" is no port.'],
    ['PORT', '65536', 'PORT: "65536" is no port.'],
    ['HOST', 'a b', 'HOST: "a b" is no address to listen on.'],
    ['LIBERACCES_BASE_DOMAIN', 'http://pool.fr', 'LIBERACCES_BASE_DOMAIN: "http://pool.fr" is no domain name.'],
    ['LIBERACCES_LOG', 'loud', 'LIBERACCES_LOG: "loud" is no log level.'],
    ['LIBERACCES_FILES', 'bucket', 'LIBERACCES_FILES: it is no address of a bucket.'],
    ['LIBERACCES_FILES', 's3://key:secret@bucket', 'LIBERACCES_FILES: it is no address of a bucket.'],
    ['LIBERACCES_FILES', 's3://Bucket', 'LIBERACCES_FILES: "Bucket" is no name of a bucket.'],
    ['LIBERACCES_FILES', 's3://bucket/../x', 'LIBERACCES_FILES: "../x" is no prefix.'],
    ['LIBERACCES_FILES', 's3://bucket', 'AWS_REGION: it is missing beside LIBERACCES_FILES.'],
    ['LIBERACCES_DATABASE_URL', 'mysql://secret@host/db', 'LIBERACCES_DATABASE_URL: it is no address of a PostgreSQL database.'],
    ['LIBERACCES_DATABASE_URL', 'postgres://user:secret@host', 'LIBERACCES_DATABASE_URL: it names no database.'],
    ['LIBERACCES_DATABASE_URL', 'postgres://user:secret@host/db?sslmode=maybe', 'LIBERACCES_DATABASE_URL: its sslmode is not known.'],
    ['LIBERACCES_DATABASE_URL', 'postgres://user:secret@host/db?connections=2', 'LIBERACCES_DATABASE_URL: its option "connections" is no number of connections.'],
    ['LIBERACCES_CALLBACK_URL', 'pool.example.fr', 'LIBERACCES_CALLBACK_URL: it is no address of this platform.'],
    ['LIBERACCES_CALLBACK_URL', 'https://pool.example.fr/x', 'LIBERACCES_CALLBACK_URL: it is no address of this platform.'],
    ['LIBERACCES_WALLS', 'none', 'LIBERACCES_WALLS: "none" is no choice of walls.'],
    ['LIBERACCES_PROCESS_GROUPS', 'fr.a+fr.b', 'LIBERACCES_PROCESS_GROUPS: "fr.a+fr.b" names no group and its plugins.'],
    ['LIBERACCES_PROCESS_GROUPS', 'small=fr.a++fr.b', 'LIBERACCES_PROCESS_GROUPS: "small=fr.a++fr.b" names no group and its plugins.'],
    ['LIBERACCES_PROCESS_GROUPS', 'small:8=fr.a', 'LIBERACCES_PROCESS_GROUPS: 8 MiB is no memory for a process.'],
    ['LIBERACCES_PROCESS_GROUPS', 'small=fr.a;large=fr.a', 'LIBERACCES_PROCESS_GROUPS: "fr.a" stands in it twice.'],
    ['LIBERACCES_PROCESS_GROUPS', 'small=fr.a;small=fr.b', 'LIBERACCES_PROCESS_GROUPS: "small" stands in it twice.'],
    ['LIBERACCES_STOP_DELAY', '1h', 'LIBERACCES_STOP_DELAY: "1h" is no number of seconds.'],
    ['LIBERACCES_TRUSTED_PROXIES', '10.0.0.0/33', 'LIBERACCES_TRUSTED_PROXIES: "10.0.0.0/33" is no address or range.'],
    ['LIBERACCES_SMTP_URL', 'http://u:secret@mail', 'LIBERACCES_SMTP_URL: it is no address of a mail server.'],
    ['LIBERACCES_SMTP_URL', 'smtp://u:secret@mail.example.fr', 'LIBERACCES_MAIL_FROM: it is missing beside LIBERACCES_SMTP_URL.'],
    ['LIBERACCES_MAIL_FROM', 'Pool <a@b.fr>', 'LIBERACCES_MAIL_FROM: "Pool <a@b.fr>" is no mail address.'],
  ])('[N2] a wrong %s says which variable, what is wrong and what would be right: %s', (variable, value, message) => {
    expect(() => readConfig({ [variable]: value }, '/srv')).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID', message, fix: expect.stringMatching(/^[A-Z].+\.$/) }))
  })

  test('[R195] groups name plugins that share a process, and how much memory it may have; whoever is in one runs in a process', () => {
    const { processGroups, runtime } = readConfig({ LIBERACCES_PROCESS_GROUPS: ' trusted=fr.liberacces.news+directory ; small:512=fr.example.a', LIBERACCES_RUNTIME_OF: 'fr.other=inline' }, '/srv')
    expect(processGroups).toEqual([{ name: 'trusted', memoryMb: 256, plugins: ['fr.liberacces.news', 'directory'] }, { name: 'small', memoryMb: 512, plugins: ['fr.example.a'] }])
    expect([...runtime.of]).toEqual([['fr.other', 'inline'], ['fr.liberacces.news', 'process'], ['directory', 'process'], ['fr.example.a', 'process']])
    expect(() => readConfig({ LIBERACCES_PROCESS_GROUPS: 'small=fr.a', LIBERACCES_RUNTIME_OF: 'fr.a=inline' }, '/srv')).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID', message: 'LIBERACCES_PROCESS_GROUPS: "fr.a" runs inline by LIBERACCES_RUNTIME_OF, and shares no process then.' }))
  })

  test('[N2] whatever a variable holds, the answer is a configuration or CONFIG_INVALID', () => {
    const variables = ['PORT', 'HOST', 'LIBERACCES_DATA', 'LIBERACCES_BASE_DOMAIN', 'LIBERACCES_LOG', 'LIBERACCES_TRUSTED_PROXIES', 'LIBERACCES_SECRET_FILE', 'LIBERACCES_SMTP_URL', 'LIBERACCES_MAIL_FROM', 'LIBERACCES_FILES', 'AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
    const outcome = (env: Record<string, string>): string => {
      try {
        return typeof readConfig(env, '/srv').port
      } catch (error) {
        return (error as { code?: string }).code ?? String(error)
      }
    }
    fc.assert(fc.property(fc.dictionary(fc.constantFrom(...variables), fc.string()), (env) => {
      expect(['number', 'CONFIG_INVALID']).toContain(outcome(env))
    }))
  })
})
