import { expect, test } from 'vitest'
import { downloadName, readableSize, typeName } from '../src/attachment.ts'

test('sizes are said in the unit people read', () => {
  expect([0, 1, 1499, 999_499, 999_500, 1_250_000].map(readableSize)).toEqual([
    { value: 1, unit: 'kilobytes' }, { value: 1, unit: 'kilobytes' }, { value: 1, unit: 'kilobytes' }, { value: 999, unit: 'kilobytes' },
    { value: 1, unit: 'megabytes' }, { value: 1.3, unit: 'megabytes' },
  ])
})

test('types are said as people call them', () => {
  expect(['application/pdf', 'image/webp', 'text/x-unknown'].map(typeName)).toEqual(['PDF', 'WebP', 'text/x-unknown'])
})

test('a download has the extension of its real type', () => {
  expect(downloadName('Plan', 'application/pdf')).toBe('Plan.pdf')
  expect(downloadName('photo.JPG', 'image/jpeg')).toBe('photo.JPG')
  expect(downloadName('page.html', 'application/pdf')).toBe('page.html.pdf')
})
