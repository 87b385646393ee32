import fc from 'fast-check'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isAccepted } from '../../src/storage/files/accepted-type.ts'
import { cleanFileName } from '../../src/storage/files/file-name.ts'
import { sniffType } from '../../src/storage/files/sniff-type.ts'
import { temporaryFolder } from '../storage/temporary-storage.ts'

async function typeOf(content: string | Uint8Array, name = 'x', type = 'application/octet-stream'): Promise<string> {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, content)
  return sniffType(path, { name, type })
}

describe('types', () => {
  test.each([
    ['%PDF-1.7\n%âãÏÓ\n', 'x.txt', 'application/pdf'],
    ['Bonjour à tous.\n', 'x', 'text/plain'],
    ['', 'vide', 'text/plain'],
    ['nom;prénom\nDupont;Anne\n', 'liste', 'text/csv'],
    ['nom,prénom\n"Dupont, ép. Durand",Anne\n', 'liste', 'text/csv'],
    ['Une phrase, une seule.\nEt une autre sans.\n', 'x', 'text/plain'],
    ['nom;prénom\nDupont;Anne\n', 'liste.txt', 'text/plain'],
    ['# Titre\n', 'lisez-moi.md', 'text/markdown'],
    ['{"a":1}', 'x.json', 'application/json'],
    ['pas du json', 'x.json', 'text/plain'],
    ['BEGIN:VCALENDAR\nVERSION:2.0\n', 'x.ics', 'text/calendar'],
    ['<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', 'image.png', 'image/svg+xml'],
    ['\ufeff<?xml version="1.0"?><!-- x --><s:svg xmlns:s="http://www.w3.org/2000/svg"/>', 'x.xml', 'image/svg+xml'],
    ['<?xml version="1.0"?><a/>', 'x.txt', 'application/xml'],
    ['<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', 'x.txt', 'application/xhtml+xml'],
    ['  \n<!DOCTYPE html><p>', 'x.txt', 'text/html'],
    ['<script>alert(1)</script>', 'x.csv', 'text/html'],
    ['<!-- --><img src=x onerror=alert(1)>', 'x.txt', 'text/html'],
    ['<Dupont> a écrit : bonjour', 'x.txt', 'text/plain'],
    ['\0\u0001\u0002données', 'x.txt', 'application/octet-stream'],
  ])('[F12] %j called %s is %s', async (content, name, type) => {
    expect(await typeOf(content, name)).toBe(type)
  })

  test('[F12] what the sender claims counts only among harmless kinds of text', async () => {
    expect([
      await typeOf('a;b', 'x', 'text/csv; charset=utf-8'), await typeOf('a b', 'x', 'text/html'), await typeOf('<html>', 'x.csv', 'text/csv'), await typeOf('a b', 'x.png', 'image/png'),
      await typeOf(Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'lettre.DOC'), await typeOf(Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'lettre.exe'),
    ]).toEqual(['text/csv', 'text/plain', 'text/html', 'text/plain', 'application/msword', 'application/x-cfb'])
  })

  test('[F12] Latin-1, as old spreadsheets write it, is text', async () => {
    expect(await typeOf(Buffer.from('nom;prénom\r\nDupré;Zoé\r\n', 'latin1'), 'x.csv')).toBe('text/csv')
  })

  test('[F12] no bytes make it fail', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.string(), fc.string(), async (content, name, type) => {
      expect(await typeOf(content, name, type)).toMatch(/^[a-z]+\/[a-z0-9.+-]+/)
    }), { numRuns: 50 })
  })

  test('[F13] pages, XML and drawings with script are taken only by name', () => {
    for (const type of ['image/svg+xml', 'text/html', 'application/xml', 'application/xhtml+xml']) {
      expect([isAccepted(type, []), isAccepted(type, ['*/*']), isAccepted(type, [`${type.split('/')[0]}/*`]), isAccepted(type, [type])]).toEqual([false, false, false, true])
    }
    expect([isAccepted('image/png', []), isAccepted('image/png', ['image/*']), isAccepted('image/png', ['image/jpeg', 'text/*']), isAccepted('application/octet-stream', ['application/pdf'])]).toEqual([true, true, false, false])
  })
})

describe('names', () => {
  test.each([
    ['../../etc/passwd', 'passwd'], ['C:\\Users\\anne\\Délibération n° 3.pdf', 'Délibération n° 3.pdf'], ['.htaccess', 'htaccess'], ['..', 'fichier'], ['', 'fichier'],
    ['facture\u202efdp.exe', 'facturefdp.exe'], ['a\r\nSet-Cookie: x', 'aSet-Cookie_ x'], ['  b  .txt. ', 'b .txt'], [`${'é'.repeat(300)}.pdf`, `${'é'.repeat(251)}.pdf`],
  ])('[F14] %j becomes %j', (given, expected) => {
    expect(cleanFileName(given)).toBe(expected)
  })

  test('[F14] of any text a name comes out that is safe, not empty, not too long, and its own cleaning', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }), fc.string({ unit: fc.constantFrom('.', ' ', '/', 'a', '\u{1f600}', '\ud800'), maxLength: 300, minLength: 200 })), (given) => {
      const name = cleanFileName(given)
      expect(name.length).toBeGreaterThan(0)
      expect(name.length).toBeLessThanOrEqual(255)
      expect(name).not.toMatch(/[/\\<>:"|?*\p{Cc}\u202a-\u202e]|^\.|[. ]$/u)
      expect(cleanFileName(name)).toBe(name)
    }), { numRuns: 150 })
  })
})
