import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** A commune of the Code officiel géographique. */
export interface Commune {
  /** INSEE code. */
  readonly insee: string
  readonly name: string
  /** `undefined` for the few communes without one in the register (Saint-Martin, Nouvelle-Calédonie…). */
  readonly siren: string | undefined
  /** Municipal population, persons. */
  readonly population: number | undefined
}

/** A groupement of communes with its own taxes (EPCI à fiscalité propre). */
export interface Epci {
  readonly siren: string
  readonly name: string
  /** Municipal population, persons. */
  readonly population: number | undefined
  /** INSEE codes of the member communes. */
  readonly members: readonly string[]
}

/** France's communes and EPCI, from the yearly data of `@etalab/decoupage-administratif`. Nothing is read before the first question. */
export interface Communes {
  /** A commune of today; `undefined` for unknown codes, déléguées and arrondissements. */
  find(insee: string): Promise<Commune | undefined>
  findEpci(siren: string): Promise<Epci | undefined>
  /** All communes of today and all EPCI. Takes a quarter of a second, and 60 MB while the answer is held. */
  all(): Promise<CommuneRegister>
}

/** The whole register. */
export interface CommuneRegister {
  /** By INSEE code. */
  readonly communes: readonly Commune[]
  readonly epcis: readonly Epci[]
}

interface CommuneLine {
  readonly code: string
  readonly nom: string
  readonly type: string
  readonly siren?: string
  readonly population?: number
}

interface EpciLine {
  readonly code: string
  readonly nom: string
  readonly populationMunicipale?: number
  readonly membres: readonly { readonly code: string }[]
}

/** A file with one object a line, and where each code's lines start. */
interface IndexedLines {
  readonly bytes: Buffer
  readonly starts: ReadonlyMap<string, readonly number[]>
}

/** Reads the data where the package keeps it. Only the lines that are asked for are parsed: the whole would take 200 ms and 60 MB. */
export function createCommunes(): Communes {
  const require = createRequire(import.meta.url)
  const communes = lazyLines(() => require.resolve('@etalab/decoupage-administratif/data/communes.json'))
  const epcis = lazyLines(() => require.resolve('@etalab/decoupage-administratif/data/epci.json'))
  return {
    async find(insee) {
      const line = linesOf<CommuneLine>(await communes(), insee).find(isOfToday)
      return line === undefined ? undefined : communeOf(line)
    },
    async findEpci(siren) {
      const [line] = linesOf<EpciLine>(await epcis(), siren)
      return line === undefined ? undefined : epciOf(line)
    },
    async all() {
      const [{ bytes }, groups] = [await communes(), await epcis()]
      // Not kept by anyone: it is asked for once in years.
      const lines = JSON.parse(bytes.toString('utf8')) as readonly CommuneLine[]
      return {
        communes: lines.filter(isOfToday).map(communeOf).sort((a, b) => (a.insee < b.insee ? -1 : 1)),
        epcis: (JSON.parse(groups.bytes.toString('utf8')) as readonly EpciLine[]).map(epciOf),
      }
    },
  }
}

function isOfToday({ type }: CommuneLine): boolean {
  return type === 'commune-actuelle'
}

function communeOf({ code, nom, siren, population }: CommuneLine): Commune {
  return { insee: code, name: nom, siren, population }
}

function epciOf({ code, nom, populationMunicipale, membres }: EpciLine): Epci {
  return { siren: code, name: nom, population: populationMunicipale, members: membres.map((member) => member.code) }
}

/** Keeps a file while it is asked for often, and lets the garbage collector have it when it is not. */
function lazyLines(locate: () => string): () => Promise<IndexedLines> {
  let held: WeakRef<IndexedLines> | undefined
  let loading: Promise<IndexedLines> | undefined
  return async () => {
    const known = held?.deref()
    if (known !== undefined) return known
    loading ??= readFile(locate()).then(indexLines)
    try {
      const lines = await loading
      held = new WeakRef(lines)
      return lines
    } finally {
      loading = undefined
    }
  }
}

const OPENING = '{"code":"'

function indexLines(bytes: Buffer): IndexedLines {
  const starts = new Map<string, number[]>()
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at)
    const next = end === -1 ? bytes.length : end + 1
    if (bytes.toString('latin1', at, at + OPENING.length) === OPENING) {
      const from = at + OPENING.length
      const code = bytes.toString('latin1', from, bytes.indexOf(0x22, from))
      const known = starts.get(code)
      if (known === undefined) starts.set(code, [at])
      else known.push(at)
    }
    at = next
  }
  return { bytes, starts }
}

function linesOf<Line>({ bytes, starts }: IndexedLines, code: string): readonly Line[] {
  return (starts.get(code) ?? []).map((start) => {
    const end = bytes.indexOf(0x0a, start)
    return JSON.parse(bytes.toString('utf8', start, end === -1 ? bytes.length : end).replace(/,?\s*$/, '')) as Line
  })
}
