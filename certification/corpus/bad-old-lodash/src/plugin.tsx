import { basePlugin } from '#base'
// @ts-expect-error: it is there only where this plugin is put together
import { clamp } from 'lodash'

export default basePlugin({ limits: { callMs: clamp(5_000) } })
