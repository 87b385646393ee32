import type { Context, Database, DefinedTypes, DemoContext, Registrar } from '@liberacces/sdk'
import type fr from '../messages/fr.json'
import type { Tables } from './tables.ts'

/** The types that the declaration in `plugin.tsx` fixes; the compiler compares the two. */
export type PublicAgendaTypes = DefinedTypes<Tables, 'gathering.read' | 'gathering.write', never, keyof typeof fr, readonly [], never, never, 'db'>
/** What a handler holds. */
export type PublicAgendaContext = Context<PublicAgendaTypes>
/** What the demonstration holds. */
export type PublicAgendaDemo = DemoContext<PublicAgendaTypes>
/** The tables. */
export type PublicAgendaDatabase = Database<Tables>
/** What `setup` receives. */
export type PublicAgendaRegistrar = Registrar<PublicAgendaTypes>
