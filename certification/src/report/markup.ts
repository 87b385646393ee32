/** Text that stands for itself in HTML and XML. Characters that no XML may hold are left out. */
export function escaped(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}

/** A French text that was made by us, as it is set: no line breaks before high punctuation or within guillemets. */
export function french(text: string): string {
  return escaped(text).replaceAll(/ (?=[:;!?»])|(?<=«) /g, '\u00a0')
}
