/** What a document says of itself, for readers, archives and those who judge its accessibility. */
import { xmlEscaped } from '../xml.ts'
import { pdfDictionary, pdfText } from './pdf-file.ts'

/** What a document is about. */
export interface PdfAbout { readonly title: string; readonly author: string; readonly language: string; readonly createdAt: Date }

const PROGRAM = 'LiberAccès'

/** The old form: a dictionary. */
export function infoOf({ title, author, createdAt }: PdfAbout): string {
  const date = `(D:${createdAt.toISOString().replace(/\D/g, '').slice(0, 14)}Z)`
  return pdfDictionary({ Title: pdfText(title), Author: pdfText(author), Creator: pdfText(PROGRAM), Producer: pdfText(PROGRAM), CreationDate: date, ModDate: date })
}

/** The new form (XMP, ISO 16684-1), which also says that the document follows PDF/UA-1 (ISO 14289-1). */
export function metadataOf({ title, author, language, createdAt }: PdfAbout): string {
  const at = `${createdAt.toISOString().slice(0, 19)}Z`
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${xmlEscaped(title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>${xmlEscaped(author)}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>${xmlEscaped(language)}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>${PROGRAM}</xmp:CreatorTool><xmp:CreateDate>${at}</xmp:CreateDate><xmp:ModifyDate>${at}</xmp:ModifyDate><pdf:Producer>${PROGRAM}</pdf:Producer><pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`
}
