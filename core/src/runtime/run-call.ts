import type { Context } from '@liberacces/sdk'
import type { AcceptedEvent, ContextPorts } from './call-context.ts'
import type { LoadedRelease } from './release.ts'
import type { Call, Origin } from './runtime.ts'

/** A call into plugin code, with what it reaches of the kernel, and the event that it deals with if that is what it is. */
export type RunCall = <Result>(ports: ContextPorts, release: LoadedRelease, origin: Origin, call: Call, event: AcceptedEvent | undefined, body: (c: Context) => Result | Promise<Result>) => Promise<Result>
