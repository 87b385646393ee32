import { basePlugin } from '#base'

Object.defineProperty(Array.prototype, 'last', { configurable: true, value(this: readonly unknown[]) { return this.at(-1) } })

export default basePlugin()
