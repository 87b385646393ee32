import type { Context, Database, DefinedTypes, DemoContext, Registrar } from '@liberacces/sdk'
import type fr from '../messages/fr.json'
import type { ReportHandedOver } from './contract.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** The types that the declaration in `plugin.tsx` fixes; the compiler compares the two. */
export type RoadReportTypes = DefinedTypes<Tables, 'report.read' | 'report.retry', typeof Settings, keyof typeof fr, readonly [typeof ReportHandedOver], never, never, 'net:voirie.example.org'>
/** What a handler holds. */
export type RoadReportContext = Context<RoadReportTypes>
/** What the demonstration holds. */
export type RoadReportDemo = DemoContext<RoadReportTypes>
/** The tables, within a transaction or not. */
export type RoadReportDatabase = Database<Tables>
/** What `setup` receives. */
export type RoadReportRegistrar = Registrar<RoadReportTypes>
