/** What a kernel or a tool needs to take a plugin in. Authors of plugins need none of it. */
export { type FieldLabels } from './field-label.ts'
export { CURRENT_FILE, parseFormFields, REMOVE_FILE, toFormFields, type SubmittedFields } from './form-fields.ts'
export { registerFormats } from './formats.ts'
export { restoreKinds, type JsonSchema } from './kinds.ts'
export { ManifestSchema, manifestOf, type Manifest } from './manifest.ts'
export * from './registrations.ts'
export { renderToHtml, type RenderOptions } from './render.ts'
export { describeSchemaErrors } from './schema-errors.ts'
