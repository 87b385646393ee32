import { Type, type TObject } from '@sinclair/typebox'

/** The settings of a plugin that declares none. */
export const NO_SETTINGS: TObject = Type.Object({})
