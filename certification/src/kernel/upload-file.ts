/** The smallest picture there is: one transparent point (PNG, ISO/IEC 15948). */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
/** The smallest JPEG that is one by its first bytes and its end. */
const JPEG = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z', 'base64')

/** A small file of a type that an upload field accepts, with a text in it that can be found again. */
export function uploadFile(accept: readonly string[], text: string): File {
  const takes = (type: string): boolean => accept.length === 0 || accept.some((one) => one === '*' || one === '*/*' || one === type || (one.endsWith('/*') && type.startsWith(one.slice(0, -1))))
  if (takes('application/pdf')) return new File([`%PDF-1.4\n% ${text}\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n`], `${text}.pdf`, { type: 'application/pdf' })
  // What comes after the end of a picture is no part of it, and is kept with it.
  if (takes('image/png')) return new File([new Uint8Array(PNG), text], `${text}.png`, { type: 'image/png' })
  if (takes('image/jpeg')) return new File([new Uint8Array(JPEG), text], `${text}.jpg`, { type: 'image/jpeg' })
  if (takes('text/csv') && !takes('text/plain')) return new File([`nom;valeur\n${text};1\n`], `${text}.csv`, { type: 'text/csv' })
  return new File([`${text}\n`], `${text}.txt`, { type: 'text/plain' })
}
