import { store } from 'deep-store'
export const pages = (count) => store(count)
