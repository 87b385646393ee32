import { basePlugin } from '#base'

export default basePlugin({ license: 'MIT-ish' })
