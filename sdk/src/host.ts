/** What a kernel or a tool needs to take a plugin in. Authors of plugins need none of it. */
export { ManifestSchema, manifestOf, type Manifest } from './manifest.ts'
export * from './registrations.ts'
export { renderToHtml, type RenderOptions } from './render.ts'
