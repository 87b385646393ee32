import { basePlugin } from '#base'
// @ts-expect-error: it is there only where this plugin is put together
import { pages } from 'page-count'

export default basePlugin({ limits: { callMs: pages(5_000) } })
