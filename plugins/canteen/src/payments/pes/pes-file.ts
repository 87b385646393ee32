/** A PES Recette file with an ORMC bordereau: what the régie hands to the comptable public (Hélios). */
import { decimalEuros } from '../euros.ts'
import { withoutAccents } from '../latin-letters.ts'
import { element, xmlText, type Element } from '../xml.ts'
import { cle1, cle2 } from './ormc-keys.ts'

/** One invoice as a pièce. */
export interface PesPiece {
  /** Number of the debt, digits, at most 13. */
  readonly number: number
  /** As the invoice bears it, at most 20. */
  readonly label: string
  readonly cents: number
  readonly firstName: string; readonly lastName: string
  readonly address: string; readonly postcode: string; readonly town: string
}

/** What a file is made of. */
export interface PesFile {
  readonly siren: string
  /** Of the day, from 1 to 999. */
  readonly sequence: number
  readonly issuedOn: string
  readonly idPost: string; readonly idColl: string; readonly codCol: string; readonly codBud: string | undefined; readonly codProdLoc: string
  readonly label: string
  readonly bordereau: number; readonly exercice: number
  /** Month of the year, 1 to 12. */
  readonly month: number
  readonly object: string
  readonly pieces: readonly PesPiece[]
}

/** What an operator or Hélios would send a file back for. Each has a message `billing.pes.<fault>`. */
export type PesFault = 'nothing' | 'id-post' | 'id-coll' | 'cod-col' | 'cod-bud' | 'prod-loc' | 'siren' | 'amount' | 'name' | 'address' | 'twice'

/** Every kind of fault; none where the file can be handed over. */
export function pesFaults(file: PesFile): readonly PesFault[] {
  const faults = new Set<PesFault>()
  if (file.pieces.length === 0) faults.add('nothing')
  if (!/^\d{3,7}$/.test(file.idPost)) faults.add('id-post')
  if (!/^\d{14}$/.test(file.idColl) || !isLuhn(file.idColl)) faults.add('id-coll')
  if (!file.idColl.startsWith(file.siren)) faults.add('siren')
  if (!/^[A-Za-z0-9]{3}$/.test(file.codCol)) faults.add('cod-col')
  if (file.codBud !== undefined && !/^[A-Za-z0-9]{2}$/.test(file.codBud)) faults.add('cod-bud')
  if (!/^[A-Za-z0-9]{1,4}$/.test(file.codProdLoc)) faults.add('prod-loc')
  for (const { cents, lastName, address, postcode, town } of file.pieces) {
    if (pesText(lastName, 38) === '') faults.add('name')
    if (!Number.isSafeInteger(cents) || cents < 1) faults.add('amount')
    if (pesText(address, 38) === '' || !/^\d{5}$/.test(postcode) || pesText(town, 38) === '') faults.add('address')
  }
  if (new Set(file.pieces.map(({ number }) => number)).size !== file.pieces.length) faults.add('twice')
  return [...faults]
}

/** `PESALR2_{SIREN}_{yymmdd}_{nnn}.xml`. */
export function pesFileName({ siren, issuedOn, sequence }: Pick<PesFile, 'siren' | 'issuedOn' | 'sequence'>): string {
  return `PESALR2_${siren}_${issuedOn.slice(2).replaceAll('-', '')}_${String(sequence).padStart(3, '0')}.xml`
}

/**
 * The file as bytes, in ISO-8859-1. It bears no signature: the operator's tool signs the bordereau.
 * @throws RangeError where it has faults
 */
export function pesBytes(file: PesFile): Uint8Array<ArrayBuffer> {
  const faults = pesFaults(file)
  if (faults.length > 0) throw new RangeError(`The PES file has faults: ${faults.join(', ')}.`)
  const total = file.pieces.reduce((sum, { cents }) => sum + cents, 0)
  const root = element('n:PES_Aller', [
    element('Enveloppe', [
      element('Parametres', [value('Version', '2'), value('TypFic', 'PESALR2'), value('NomFic', pesFileName(file))]),
      element('Emetteur', [value('Sigle', 'LIBERACCES'), value('Adresse', 'LiberAcces')]),
    ]),
    element('EnTetePES', [
      value('DteStr', file.issuedOn), value('IdPost', file.idPost), value('IdColl', file.idColl), value('CodCol', file.codCol), file.codBud === undefined ? undefined : value('CodBud', file.codBud), optional('LibelleColBud', pesText(file.label, 80)),
    ]),
    element('PES_RecetteAller', [
      element('EnTeteRecette', [value('IdVer', '2'), value('InfoDematerialisee', '0')]),
      element('Bordereau', [
        element('BlocBordereau', [
          value('Exer', String(file.exercice)), value('IdBord', String(file.bordereau)), value('DteBordEm', file.issuedOn), value('TypBord', '06'), value('NbrPce', String(file.pieces.length)),
          value('MtBordHt', decimalEuros(total)), value('DteAsp', file.issuedOn), optional('Objet', pesText(file.object, 160)),
        ]),
        ...file.pieces.map((piece) => pieceOf(file, piece)),
      ]),
    ]),
  ], { 'xmlns:n': 'http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller', 'xmlns:reca': 'http://www.minefi.gouv.fr/cp/helios/pes_v2/recette/r0/aller', 'xmlns:cm': 'http://www.minefi.gouv.fr/cp/helios/pes_v2/commun', 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance' })
  return latin1(`<?xml version="1.0" encoding="ISO-8859-1"?>\n${xmlText(root)}`)
}

function pieceOf(file: PesFile, piece: PesPiece): Element {
  const [year, period, debt] = [String(file.exercice).slice(-2), String(file.month), String(piece.number).padStart(13, '0')]
  const object = pesText(`${file.object} ${piece.label}`, 160)
  return element('Piece', [
    element('BlocPiece', [
      value('IdPce', String(piece.number)), value('TypPce', '15'), value('NatPce', '01'), value('ObjPce', object), value('NumDette', String(piece.number)), value('Per', period.slice(0, 1)),
      value('Cle1', cle1([file.codCol, String(file.bordereau), year, period, debt])), value('Cle2', cle2([year, period, '00', debt])), value('NumeroFacture', piece.label.slice(0, 20)),
    ]),
    element('LigneDePiece', [
      element('BlocLignePiece', [element('InfoLignePiece', [
        value('IdLigne', '1'), value('ObjLignePce', object), value('CodProdLoc', file.codProdLoc), value('Nature', '588'), value('Majo', '0'), value('TvaIntraCom', '0'), value('MtHT', decimalEuros(piece.cents)),
      ])]),
      element('Tiers', [
        // 01: a natural person, in its own right.
        element('InfoTiers', [value('CatTiers', '01'), value('NatJur', '01'), value('TypTiers', '01'), value('Nom', pesText(piece.lastName, 38)), optional('Prenom', pesText(piece.firstName, 38))]),
        element('Adresse', [value('TypAdr', '1'), value('Adr2', pesText(piece.address, 38)), value('CP', piece.postcode), value('Ville', pesText(piece.town, 38)), value('CodRes', '0')]),
      ]),
    ]),
  ])
}

function value(name: string, text: string): Element {
  return element(name, [], { V: text })
}

function optional(name: string, text: string): Element | undefined {
  return text === '' ? undefined : value(name, text)
}

/** Capitals without accents, on one line, as Hélios files have them. */
function pesText(text: string, length: number): string {
  return withoutAccents(text).toUpperCase().replace(/[^\x20-\x7e]/g, ' ').replace(/ +/g, ' ').trim().slice(0, length).trim()
}

function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0
    if (code > 0xff) throw new RangeError(`"${character}" is not in ISO-8859-1.`)
    return code
  })
}

function isLuhn(digits: string): boolean {
  // La Poste's establishments add up to a multiple of five instead.
  if (digits.startsWith('356000000') && Array.from(digits).reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0) return true
  return Array.from(digits).toReversed().reduce((sum, digit, index) => sum + (index % 2 === 0 ? Number(digit) : (Number(digit) * 2) % 10 + Math.floor(Number(digit) / 5)), 0) % 10 === 0
}
