import { SelectQueryNode, type KyselyPlugin, type PluginTransformQueryArgs, type PluginTransformResultArgs, type QueryResult, type RootOperationNode, type UnknownRow } from 'kysely'
import type { PluginStore } from '../storage/storage.ts'
import { inSpan, type OpenSpan, type SpanAttributes, type Tracer } from './tracer.ts'

/** A store whose statements and transactions are spans below a call. Made for that call alone. */
export function tracedStore(store: PluginStore, tracer: Tracer, parent: string, attributes: SpanAttributes): PluginStore {
  return {
    stamp: () => store.stamp(),
    db: store.db.withPlugin(new StatementSpans(tracer, parent, attributes)),
    reading: store.reading.withPlugin(new StatementSpans(tracer, parent, attributes)),
    transaction: (body, signal) => inSpan(tracer, ['transaction', 'client', parent, attributes], (inside) =>
      store.transaction((tx) => body({
        db: tx.db.withPlugin(new StatementSpans(tracer, inside, attributes)),
        appendEvent: (event) => tx.appendEvent(event),
        acceptEvent: (eventId, handler) => tx.acceptEvent(eventId, handler),
      }), signal)),
  }
}

/** From when a statement is put together until its rows are there. Values are no part of it, and neither is its text. */
class StatementSpans implements KyselyPlugin {
  readonly #tracer: Tracer
  readonly #parent: string
  readonly #attributes: SpanAttributes
  readonly #open = new WeakMap<object, OpenSpan>()

  constructor(tracer: Tracer, parent: string, attributes: SpanAttributes) {
    this.#tracer = tracer
    this.#parent = parent
    this.#attributes = attributes
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    this.#open.set(queryId, this.#tracer.begin(nameOf(node), 'client', this.#parent, this.#attributes))
    return node
  }

  async transformResult({ result, queryId }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    this.#open.get(queryId)?.end(undefined, { 'db.response.returned_rows': result.rows.length })
    return result
  }
}

/** `select note`: the verb, and the first table of a reading statement. */
function nameOf(node: RootOperationNode): string {
  const verb = node.kind.replace(/(?:Query)?Node$/, '').toLowerCase()
  if (!SelectQueryNode.is(node)) return verb
  const from = node.from?.froms[0]
  return from?.kind === 'TableNode' ? `${verb} ${(from as unknown as { table: { identifier: { name: string } } }).table.identifier.name}` : verb
}
