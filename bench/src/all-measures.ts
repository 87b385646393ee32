import type { Measure } from './measure.ts'
import { bureau20 } from './measures/bureau-20.ts'
import { deliver } from './measures/deliver.ts'
import { enable } from './measures/enable.ts'
import { france } from './measures/france.ts'
import { idleMemory } from './measures/idle-memory.ts'
import { install } from './measures/install.ts'
import { label } from './measures/label-verify.ts'
import { moveTenant } from './measures/move-tenant.ts'
import { nodes } from './measures/nodes.ts'
import { readInline } from './measures/read-inline.ts'
import { readPostgres } from './measures/read-postgres.ts'
import { readProcess } from './measures/read-process.ts'
import { rehearse } from './measures/rehearse.ts'
import { start } from './measures/start.ts'
import { upgradeWave } from './measures/upgrade-wave.ts'
import { writeEvent } from './measures/write-event.ts'

/** Every measure, in the order in which they run. */
<<<<<<< HEAD
export const MEASURES: readonly Measure[] = [readInline, readProcess, readPostgres, writeEvent, deliver, bureau20, enable, start, idleMemory, install, france, moveTenant, upgradeWave, rehearse, nodes]
=======
export const MEASURES: readonly Measure[] = [readInline, readProcess, readPostgres, writeEvent, deliver, bureau20, enable, start, idleMemory, install, france, moveTenant, upgradeWave, nodes, label]
>>>>>>> a0130fc (Bench: what verifying a label costs; docs lead to the label)
