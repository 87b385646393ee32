#!/usr/bin/env node
// The command in a copy of the platform's sources, for plugins that are linked to it: it runs the sources as they are. A published package has the built program here.
// Not TypeScript: this is what makes it readable. Its settings are the repository's, whatever folder it is called in.
import { fileURLToPath } from 'node:url'
import { register } from 'tsx/esm/api'

register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) })
await import('../src/cli/main.ts')
