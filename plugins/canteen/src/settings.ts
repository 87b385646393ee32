import { Choice, Type } from '@liberacces/sdk'

/** What the administrator sets. */
export const Settings = Type.Object({
  zone: Choice(['A', 'B', 'C'], { title: 'Zone de vacances scolaires', default: 'A' }),
})
