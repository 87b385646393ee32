import { goodNeighbour } from './good-neighbour.ts'

/** The neighbour that lives in a process of its own, beside the evil ones. */
export default goodNeighbour('process')
