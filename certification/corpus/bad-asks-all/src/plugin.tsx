import { basePlugin } from '#base'

export default basePlugin({ scopes: ['db', 'files', 'mail:send', 'net:*'] })
