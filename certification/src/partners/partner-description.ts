import { Type, type Static, type TSchema } from '@liberacces/sdk'

const Name = Type.String({ pattern: '^[a-z][a-zA-Z0-9]{0,39}$' })
/** Bytes of a number, or `varint`: seven bits to a byte, the lowest first, as MQTT and protobuf have it. */
const Width = Type.Union([Type.Integer({ minimum: 1, maximum: 8 }), Type.Literal('varint')])
/** Bytes of a number, or `text`: in decimal digits. */
const Written = Type.Union([Type.Integer({ minimum: 1, maximum: 8 }), Type.Literal('text')])
/** What says how long something is that follows; `plus` is what it counts beyond that, such as itself. */
const lengthFirst = { sized: Width, little: Type.Optional(Type.Boolean()), plus: Type.Optional(Type.Integer({ minimum: 0, maximum: 16 })) }
const strict = { additionalProperties: false } as const
const part = <Fields extends Record<string, TSchema>>(fields: Fields) => Type.Object(fields, strict)

/** Bytes that are known, by the key that says how they are written. */
const LITERALS = {
  text: part({ text: Type.String({ minLength: 1, maxLength: 20_000 }) }),
  hex: part({ hex: Type.String({ pattern: '^\\s*([0-9a-fA-F]{2}\\s*)+$', maxLength: 40_000 }) }),
  base64: part({ base64: Type.String({ pattern: '^[A-Za-z0-9+/]{2,}={0,2}$', maxLength: 40_000 }) }),
}
export type Literal = Static<typeof LITERALS.text> | Static<typeof LITERALS.hex> | Static<typeof LITERALS.base64>

/** What a partner may hear, by the key that tells the kinds apart. `as` keeps it under a name. */
export const HEARD = {
  ...LITERALS,
  any: part({ any: Type.Union([Type.Integer({ minimum: 1, maximum: 65_536 }), Name]), as: Type.Optional(Name) }),
  until: part({ until: Type.Union(Object.values(LITERALS)), as: Type.Optional(Name) }),
  sized: part({ ...lengthFirst, of: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 50 })), as: Type.Optional(Name) }),
}
export type Heard =
  | Literal
  /** So many bytes whatever they are; a name: as many as the digits say that were kept under it. */
  | { readonly any: number | string; readonly as?: string }
  /** Everything up to these bytes, which belong to it and are not kept. */
  | { readonly until: Literal; readonly as?: string }
  /** A length, then as many bytes, which begin with `of`. */
  | { readonly sized: Length['sized']; readonly little?: boolean; readonly plus?: number; readonly of?: readonly Heard[]; readonly as?: string }

/** What a partner may say, by the key that tells the kinds apart. */
export const SAID = {
  ...LITERALS,
  kept: part({ kept: Name }),
  sized: part({ ...lengthFirst, of: Type.Array(Type.Unknown(), { maxItems: 50 }) }),
  sizeOf: part({ sizeOf: Name, bytes: Written, little: Type.Optional(Type.Boolean()) }),
  count: part({ count: Name, bytes: Written, little: Type.Optional(Type.Boolean()) }),
  canary: part({ canary: Type.Literal(true) }),
}
export type Said =
  | Literal
  /** What was heard or made under a name. */
  | { readonly kept: string }
  /** The length of what follows, then that. */
  | { readonly sized: Length['sized']; readonly little?: boolean; readonly plus?: number; readonly of: readonly Said[] }
  /** How long it is what was heard or made under a name. */
  | { readonly sizeOf: string; readonly bytes: number | 'text'; readonly little?: boolean }
  /** 1, 2, 3 …: how often this was said in the conversation. */
  | { readonly count: string; readonly bytes: number | 'text'; readonly little?: boolean }
  /** A text of 14 letters and digits that nobody could guess: one of the commune whose connection it is. */
  | { readonly canary: true }

/** A length as it stands before what it is of. */
export interface Length {
  readonly sized: number | 'varint'
  readonly little?: boolean
  readonly plus?: number
}

const Parts = Type.Array(Type.Unknown(), { minItems: 1, maxItems: 50 })

export const AnswerSchema = part({
  to: Parts, say: Type.Optional(Parts), make: Type.Optional(Type.Record(Name, Parts, { maxProperties: 10 })), times: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  close: Type.Optional(Type.Boolean()),
})
/** What a partner does when it hears something. */
export interface Answer {
  /** What it is about, one after the other. */
  readonly to: readonly Heard[]
  /** Bytes that are made first and kept under names, for what is said twice, or after its length. */
  readonly make?: Readonly<Record<string, readonly Said[]>>
  readonly say?: readonly Said[]
  /** How often it does so in a conversation; then later answers have their turn. @defaultValue always */
  readonly times?: number
  /** Whether it hangs up then. */
  readonly close?: boolean
}

export const PartnerSchema = part({ host: Type.String({ pattern: '^[a-z0-9.:-]{1,253}$' }), port: Type.Integer({ minimum: 1, maximum: 65_535 }), greeting: Type.Optional(Parts), answers: Type.Array(Type.Unknown(), { maxItems: 100 }) })
/** Somebody on the network who speaks another protocol than HTTP, as the author of a plugin describes them. */
export interface Partner {
  /** As the plugin connects to it. */
  readonly host: string
  readonly port: number
  /** What it says at once. */
  readonly greeting?: readonly Said[]
  /** The first that what came can be, or can become, is the one. */
  readonly answers: readonly Answer[]
}

export const PartnersSchema = part({ partners: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 10 }) })
