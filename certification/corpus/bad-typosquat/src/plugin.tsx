import { basePlugin } from '#base'

export default basePlugin({ id: 'fr.liberacces.new5' })
