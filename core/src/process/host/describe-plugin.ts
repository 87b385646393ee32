import type { EventContract, Plugin } from '@liberacces/sdk'
import type { Endpoint, Registrations } from '@liberacces/sdk/host'
import type { DescribedEndpoint, Description } from '../description.ts'
import { portableSchema } from '../portable-schema.ts'

type Optional<Shape> = { readonly [Key in keyof Shape]: Shape[Key] | undefined }

/** What a plugin is, as data, for a kernel that never runs its code. */
export function describePlugin(plugin: Plugin, registrations: Registrations): Description {
  const { id, version, path, sdk, license, title, description, publisher, runtime, limits, scopes, optionalScopes, requires, optional, settings, roles, permissions, emits, messages, privacy, migrations, browser } = plugin
  return data({
    plugin: data({
      id, version, path, sdk, license, title, description, publisher, runtime, limits, scopes, optionalScopes, requires, optional, roles, permissions, messages, browser,
      settings: settings && portableSchema(settings),
      emits: emits?.map(describeEvent),
    }) as unknown as Description['plugin'],
    privacy: { stores: [...privacy.stores], export: typeof privacy.export === 'function', erase: typeof privacy.erase === 'function', expire: typeof privacy.expire === 'function' },
    migrations: Object.keys(migrations ?? {}),
    check: typeof plugin.check === 'function',
    demo: typeof plugin.demo === 'function',
    endpoints: registrations.endpoints.map(describeEndpoint),
    contributions: registrations.contributions.map(({ slot, title: named, order, permission, data: own, render }) => data({
      slot: { id: slot.id, data: portableSchema(slot.data), rendered: slot.rendered, budgetMs: slot.budgetMs }, title: named, order, permission, data: own, render: render !== undefined,
    })),
    handlers: registrations.handlers.map(({ id: handler, event, timeoutMs }) => data({ id: handler, event: event === 'any' ? event : describeEvent(event), timeoutMs })),
    schedules: registrations.schedules.map(({ id: schedule, cron, timeoutMs }) => ({ id: schedule, cron, timeoutMs })),
    services: registrations.services.map(({ service }) => ({
      id: service.id,
      operations: Object.fromEntries(Object.entries(service.operations).map(([name, { input, output, permission, summary }]) => [name, data({ input: portableSchema(input), output: portableSchema(output), permission, summary })])),
    })),
    workers: registrations.workers.map(({ id: worker }) => worker),
    commands: registrations.commands.map(({ name, summary, input, output, timeoutMs }) => data({ name, summary, input: input && portableSchema(input), output: portableSchema(output), timeoutMs })),
  })
}

function describeEvent({ id, schema, subject, retentionDays }: EventContract): Description['handlers'][number]['event'] {
  return data({ id, schema: portableSchema(schema), subject, retentionDays })
}

function describeEndpoint(endpoint: Endpoint): DescribedEndpoint {
  const { kind, path, params, query, audience, permission } = endpoint
  const common = { kind, path, audience, permission, params: params && portableSchema(params), query: query && portableSchema(query) }
  switch (endpoint.kind) {
    case 'route': {
      const { method, summary, body, response, timeoutMs } = endpoint
      return data({ ...common, method, summary, timeoutMs, body: body && portableSchema(body), response: Object.fromEntries(Object.entries(response).map(([status, schema]) => [status, portableSchema(schema)])) })
    }
    case 'page': return data({ ...common, title: endpoint.title, menu: endpoint.menu, browser: endpoint.browser })
    case 'form': {
      const { schema, title, intro, submit, menu, initial } = endpoint
      return data({ ...common, schema: portableSchema(schema), title, intro, submit, menu, initial: initial !== undefined })
    }
    case 'action': return data(common)
    default: return endpoint satisfies never
  }
}

/** Without what is undefined, which JSON leaves out and a check of plain objects does not. */
function data<Shape extends object>(given: Optional<Shape>): Shape {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Shape
}
