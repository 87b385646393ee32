import { basePlugin } from '#base'

export default basePlugin({ version: '1.0.1', scopes: ['db', 'mail:send'] })
