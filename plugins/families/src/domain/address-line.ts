/** An address in one line; `undefined` where there is none. */
export function addressLine({ address, postcode, town }: { readonly address?: string | null | undefined; readonly postcode?: string | null | undefined; readonly town?: string | null | undefined }): string | undefined {
  const parts = [(address ?? '').replaceAll(/\s*\n\s*/g, ', '), [postcode ?? '', town ?? ''].filter((part) => part !== '').join(' ')].filter((part) => part.trim() !== '')
  return parts.length === 0 ? undefined : parts.join(', ')
}
