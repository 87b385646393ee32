import { basePlugin, privacy } from '#base'

const { expire: _, ...rest } = privacy

export default basePlugin({ privacy: rest })
