/** A file of SEPA direct debits: ISO 20022 pain.008.001.02, CORE scheme, as the rulebook of the European Payments Council narrows it. */
import { decimalEuros } from '../euros.ts'
import { isCreditorId, readIban } from '../iban.ts'
import { withoutAccents } from '../latin-letters.ts'
import { element, xmlText, type Element } from '../xml.ts'

/** Place of a debit among those of its mandate. */
export type Sequence = 'FRST' | 'RCUR' | 'OOFF'

/** One debit. */
export interface DirectDebit {
  /** Unique within the file, at most 35 characters: the number of the invoice. */
  readonly endToEndId: string
  readonly cents: number; readonly sequence: Sequence
  readonly rum: string; readonly signedOn: string; readonly holder: string; readonly iban: string
  /** What the payer reads on the statement. */
  readonly text: string
}

/** A file for the bank. */
export interface DirectDebitFile {
  /** At most 35 characters, never twice. */
  readonly id: string
  /** Instant, ISO 8601. */
  readonly createdAt: string
  readonly debitDay: string
  readonly creditor: { readonly name: string; readonly iban: string; readonly bic: string | undefined; readonly ics: string }
  readonly debits: readonly DirectDebit[]
}

/** What keeps a file from being made. Each has a message `billing.sepa.<fault>`. */
export type DirectDebitFault = 'nothing' | 'creditor' | 'creditor-iban' | 'creditor-bic' | 'creditor-id' | 'holder' | 'debtor-iban' | 'amount' | 'rum' | 'twice'

/** Every kind of fault of a file; none where the bank can take it. */
export function directDebitFaults({ creditor, debits }: DirectDebitFile): readonly DirectDebitFault[] {
  const faults = new Set<DirectDebitFault>()
  if (debits.length === 0) faults.add('nothing')
  if (sepaText(creditor.name, 70) === '') faults.add('creditor')
  if (readIban(creditor.iban) === undefined) faults.add('creditor-iban')
  if (creditor.bic !== undefined && creditor.bic !== '' && !isBic(creditor.bic)) faults.add('creditor-bic')
  if (!isCreditorId(creditor.ics)) faults.add('creditor-id')
  for (const { holder, iban, cents, rum } of debits) {
    if (sepaText(holder, 70) === '') faults.add('holder')
    if (readIban(iban) === undefined) faults.add('debtor-iban')
    if (!Number.isSafeInteger(cents) || cents < 1 || cents > 99_999_999_999) faults.add('amount')
    if (!isRum(rum)) faults.add('rum')
  }
  if (new Set(debits.map(({ endToEndId }) => endToEndId)).size !== debits.length) faults.add('twice')
  return [...faults]
}

/** Whether it may be the code of a bank: 8 or 11 capitals and digits, as the message definition has them. */
export function isBic(text: string): boolean {
  return /^[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?$/.test(text)
}

/** Whether it may be the reference of a mandate: 1 to 35 of the characters that the rulebook allows. */
export function isRum(text: string): boolean {
  return /^[A-Za-z0-9+?/\-:().,' ]{1,35}$/.test(text) && text.trim() === text && !text.includes('//') && !text.startsWith('/')
}

/**
 * The file as text, in UTF-8. Debits of one sequence make one block, as banks want them.
 * @throws RangeError where it has faults
 */
export function directDebitXml(file: DirectDebitFile): string {
  const faults = directDebitFaults(file)
  if (faults.length > 0) throw new RangeError(`The file of direct debits has faults: ${faults.join(', ')}.`)
  const { debits } = file
  const blocks = (['FRST', 'RCUR', 'OOFF'] as const).flatMap((sequence) => {
    const own = debits.filter((debit) => debit.sequence === sequence)
    return own.length === 0 ? [] : [block(file, sequence, own)]
  })
  const header = element('GrpHdr', [
    element('MsgId', file.id), element('CreDtTm', file.createdAt.slice(0, 19)), element('NbOfTxs', String(debits.length)), element('CtrlSum', sum(debits)),
    element('InitgPty', [element('Nm', sepaText(file.creditor.name, 70))]),
  ])
  const root = element('Document', [element('CstmrDrctDbtInitn', [header, ...blocks])], { xmlns: 'urn:iso:std:iso:20022:tech:xsd:pain.008.001.02' })
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlText(root)}`
}

function block({ id, debitDay, creditor }: DirectDebitFile, sequence: Sequence, debits: readonly DirectDebit[]): Element {
  return element('PmtInf', [
    element('PmtInfId', `${id.slice(0, 30)}-${sequence}`), element('PmtMtd', 'DD'), element('NbOfTxs', String(debits.length)), element('CtrlSum', sum(debits)),
    element('PmtTpInf', [element('SvcLvl', [element('Cd', 'SEPA')]), element('LclInstrm', [element('Cd', 'CORE')]), element('SeqTp', sequence)]),
    element('ReqdColltnDt', debitDay),
    element('Cdtr', [element('Nm', sepaText(creditor.name, 70))]), element('CdtrAcct', [element('Id', [element('IBAN', readIban(creditor.iban) ?? '')])]), element('CdtrAgt', [agent(creditor.bic)]), element('ChrgBr', 'SLEV'),
    element('CdtrSchmeId', [element('Id', [element('PrvtId', [element('Othr', [element('Id', creditor.ics), element('SchmeNm', [element('Prtry', 'SEPA')])])])])]),
    ...debits.map((debit) => element('DrctDbtTxInf', [
      element('PmtId', [element('EndToEndId', debit.endToEndId)]), element('InstdAmt', decimalEuros(debit.cents), { Ccy: 'EUR' }),
      element('DrctDbtTx', [element('MndtRltdInf', [element('MndtId', debit.rum), element('DtOfSgntr', debit.signedOn)])]),
      element('DbtrAgt', [agent(undefined)]), element('Dbtr', [element('Nm', sepaText(debit.holder, 70))]), element('DbtrAcct', [element('Id', [element('IBAN', readIban(debit.iban) ?? '')])]),
      sepaText(debit.text, 140) === '' ? undefined : element('RmtInf', [element('Ustrd', sepaText(debit.text, 140))]),
    ])),
  ])
}

/** A bank by its BIC, or as the rulebook has it where only the IBAN is known. */
function agent(bic: string | undefined): Element {
  return element('FinInstnId', bic === undefined || bic === '' ? [element('Othr', [element('Id', 'NOTPROVIDED')])] : [element('BIC', bic)])
}

function sum(debits: readonly DirectDebit[]): string {
  return decimalEuros(debits.reduce((total, { cents }) => total + cents, 0))
}

/** Text in the characters that all banks take: no accents, anything else a space. */
function sepaText(text: string, length: number): string {
  return withoutAccents(text).replace(/[^A-Za-z0-9+?/\-:().,' ]/g, ' ').replace(/ +/g, ' ').trim().slice(0, length).trim()
}
