import { describe, expect, test } from 'vitest'
import { RequestContext } from '../../src/http/request-context.ts'
import { CallLimit } from '../../src/runtime/call-limit.ts'
import { DerivedOrigin } from '../../src/runtime/derived-origin.ts'

function request(): RequestContext {
  return new RequestContext({} as never, {} as never, 'fr', { traceparent: '00-0-0-00', tracestate: undefined })
}

describe('the end of a call', () => {
  test('[R182] is told to who watches: its time, or the caller’s leaving, with what the signal would say', () => {
    const late = new Error('late')
    const told: unknown[] = []
    const limit = new CallLimit({})
    limit.watch((reason) => { told.push(reason) })
    limit.expire(late)
    expect([told, limit.signal.reason]).toEqual([[late], late])

    const context = request()
    const nested = new CallLimit(new DerivedOrigin(context, {}))
    nested.watch((reason) => { told.push(reason) })
    context.leave()
    expect([told.length, (told[1] as Error).name, nested.signal.aborted]).toEqual([2, 'AbortError', true])
  })

  test('[R182] is told at once where it has come already', () => {
    const told: unknown[] = []
    const limit = new CallLimit({})
    limit.expire(new Error('late'))
    limit.watch((reason) => { told.push(reason) })
    const context = request()
    context.leave()
    new CallLimit(context).watch((reason) => { told.push(reason) })
    new CallLimit({ signal: AbortSignal.abort('gone') }).watch((reason) => { told.push(reason) })
    expect([told.length, told[2]]).toEqual([3, 'gone'])
  })

  test('[R182] is not told to who has lost interest, and a caller with a signal alone is heard too', () => {
    const told: unknown[] = []
    const [context, caller] = [request(), new AbortController()]
    for (const limit of [new CallLimit(context), new CallLimit({ signal: caller.signal })]) {
      const end = limit.watch(() => { told.push('never') })
      end()
      end()
      limit.expire(new Error('late'))
    }
    context.leave()
    new CallLimit({ signal: caller.signal }).watch((reason) => { told.push(reason) })
    caller.abort('left')
    expect(told).toEqual(['left'])
  })
})
