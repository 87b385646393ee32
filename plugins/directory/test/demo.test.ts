import { asDay } from '@liberacces/sdk'
import { describe, expect, test } from 'vitest'
import { checkAssociation } from '../src/association.ts'
import { councilSeats } from '../src/council-seats.ts'
import type { DemoDirectory } from '../src/demo/demo-directory.ts'
import { ofPlace } from '../src/demo/demo-directory.ts'
import { MEN, WOMEN } from '../src/demo/names.ts'
import { intercommunalDirectory, satelliteDirectory } from '../src/demo/small-body.ts'
import { townDirectory } from '../src/demo/town.ts'
import { checkMandate, isCurrent } from '../src/mandate.ts'
import { checkPerson } from '../src/person.ts'
import { checkService } from '../src/service.ts'

const today = asDay('2026-11-23')
const tenant = (population: number) => ({ slug: 'aytre', name: 'Aytré', insee: '17028', population })

/** Chance that is the same at every run (mulberry32). */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Everything of a directory that its own checks would refuse. */
function refused({ people, services, associations }: DemoDirectory): readonly unknown[] {
  const words = (value: string | undefined): string => value ?? ''
  return [
    ...people.map(({ person }) => checkPerson({ ...person, email: words(person.email), phone: words(person.phone), internalPhone: words(person.internalPhone), room: words(person.room), accountId: '' })),
    ...people.flatMap(({ mandates }) => mandates.map((mandate) => checkMandate({ ...mandate, lastDay: words(mandate.lastDay) }, mandates.filter((other) => other !== mandate)))),
    ...services.map((service) => checkService({ ...service, parentId: undefined, email: words(service.email), phone: words(service.phone) })),
    ...associations.map((association) => checkAssociation({
      ...association, rna: words(association.rna), website: words(association.website), contactEmail: words(association.contactEmail), contactPhone: words(association.contactPhone),
    })),
  ].filter((result) => !result.ok)
}

describe.each([80, 450, 2_300, 9_000, 79_961])('the demonstration of a commune of %i', (population) => {
  const directory = townDirectory(tenant(population), chance(population), today)
  const elected = directory.people.filter(({ person }) => person.kind === 'elected')

  test('is right by the plugin’s own checks', () => {
    expect(refused(directory)).toEqual([])
  })

  test('has a full council with one mayor, women and men in turn', () => {
    expect(elected).toHaveLength(councilSeats(population, today) ?? 0)
    expect(elected.filter(({ mandates }) => mandates.some(({ office }) => office === 'mayor'))).toHaveLength(1)
    const women = elected.filter(({ person }) => (WOMEN as readonly string[]).includes(person.firstName)).length
    const men = elected.filter(({ person }) => (MEN as readonly string[]).includes(person.firstName)).length
    expect(Math.abs(women - men)).toBeLessThanOrEqual(1)
    expect(elected.every(({ mandates }) => mandates.some((mandate) => isCurrent(mandate, today)))).toBe(true)
  })

  test('repeats no e-mail address, service or RNA number, and names services that exist', () => {
    const unique = (values: readonly unknown[]) => new Set(values).size === values.length
    expect(unique(directory.people.map(({ person }) => person.email))).toBe(true)
    expect(unique(directory.services.map(({ name }) => name))).toBe(true)
    expect(unique(directory.associations.map(({ rna }) => rna))).toBe(true)
    const names = directory.services.map(({ name }) => name)
    expect(directory.people.flatMap(({ service }) => service ?? []).filter((service) => !names.includes(service))).toEqual([])
    expect(directory.services.flatMap(({ parent }) => parent ?? []).filter((parent) => !names.includes(parent))).toEqual([])
  })

  test('reaches nobody: addresses under .example, numbers that ARCEP keeps for fiction', () => {
    const text = JSON.stringify(directory)
    expect([...text.matchAll(/@[a-z0-9.-]+/g)].filter(([address]) => !address.endsWith('.example'))).toEqual([])
    expect([...text.matchAll(/0\d \d\d \d\d \d\d \d\d/g)].filter(([phone]) => !/^(05 36 49|06 39 98)/.test(phone))).toEqual([])
    expect(directory.associations.length).toBeGreaterThanOrEqual(5)
    expect(directory.associations.length).toBeLessThanOrEqual(25)
  })
})

test('whenever it is made, the council is in office', () => {
  for (const day of ['2019-01-01', '2026-03-02', '2026-03-21', '2026-03-22', '2031-12-31'].map(asDay)) {
    const elected = townDirectory(tenant(3_000), chance(3), day).people.filter(({ person }) => person.kind === 'elected')
    expect([day, elected.filter(({ mandates }) => mandates.some((mandate) => isCurrent(mandate, day))).length]).toEqual([day, 23])
  }
})

test('the same chance makes the same directory', () => {
  expect(townDirectory(tenant(5_000), chance(7), today)).toEqual(townDirectory(tenant(5_000), chance(7), today))
})

test('a satellite and an intercommunality have a president and services of their own', () => {
  for (const directory of [satelliteDirectory(tenant(0), chance(1), today), intercommunalDirectory(tenant(0), chance(2), today)]) {
    expect(refused(directory)).toEqual([])
    expect(directory.people.filter(({ mandates }) => mandates.some(({ office }) => office === 'president'))).toHaveLength(1)
    expect(directory.services.length).toBeGreaterThanOrEqual(4)
  }
})

test('names of places take the right article', () => {
  expect(['La Rochelle', 'Aytré', 'Le Thou', 'Les Portes', 'L’Houmeau', 'Yves'].map(ofPlace)).toEqual(['de La Rochelle', 'd’Aytré', 'du Thou', 'des Portes', 'de L’Houmeau', 'd’Yves'])
})
