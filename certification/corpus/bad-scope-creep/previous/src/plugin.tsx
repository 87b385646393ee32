import { basePlugin } from '#base'

export default basePlugin()
