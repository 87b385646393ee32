import { isContractId, LOCALES, type Locale, type Plugin, type Scope } from '@liberacces/sdk'
import { ManifestSchema, TIME_ZONE, type Manifest, type Registrations } from '@liberacces/sdk/host'
import { GuichetService } from '@liberacces/sdk/slots'
import { Value } from '@sinclair/typebox/value'
import { Cron } from 'croner'
import { IntlMessageFormat } from 'intl-messageformat'
import semver from 'semver'
import { PlatformError } from '../errors.ts'

/** The SDK version this kernel serves. */
const SDK_VERSION = '0.1.0'
/** In every form: the reader's token against forged requests, which no plugin is given. */
const TOKEN_FIELD = '_csrf'

/**
 * Everything that is wrong with a plugin before any of it is used, all at once. Empty when it may be taken in.
 * Pure: nothing of the plugin runs here besides what `collectRegistrations` already ran.
 */
export function checkPlugin(manifest: Manifest, plugin: Plugin, registrations: Registrations): readonly PlatformError[] {
  const found = checkManifest(manifest)
  // What does not have the shape of a plugin cannot be looked at any further.
  if (found.some(({ code }) => code === 'MANIFEST_INVALID') && !Value.Check(ManifestSchema, manifest)) return found
  return [
    ...found,
    ...[...permissionFaults(plugin, registrations), ...messageFaults(plugin, registrations), ...registrationFaults(plugin, registrations)].map((fault) => invalid(manifest, fault)),
  ]
}

/** Everything that is wrong with a manifest alone, such as a `plugin.json` that anybody wrote. Pure. */
export function checkManifest(manifest: Manifest): readonly PlatformError[] {
  const shape = [...Value.Errors(ManifestSchema, manifest)]
  // Several errors may be about one place (a union reports each branch): the first says enough.
  const places = new Map(shape.map((error) => [error.path, error]))
  if (places.size > 0) {
    return [...places.values()].map((error) =>
      invalid(manifest, `${error.path === '' ? 'the manifest' : error.path.slice(1).replaceAll('/', '.')}: ${error.message}`))
  }
  const found = versionFaults(manifest).map((fault) => invalid(manifest, fault))
  if (!semver.satisfies(SDK_VERSION, manifest.sdk)) {
    found.push(new PlatformError('PLUGIN_SDK_UNSUPPORTED', `Plugin "${manifest.id}" ${manifest.version} was built for SDK ${manifest.sdk}; this platform serves ${SDK_VERSION}.`,
      { fix: 'Install a release of the plugin made for this SDK, or another version of the platform.' }))
  }
  return found
}

function invalid(manifest: Manifest, fault: string): PlatformError {
  return new PlatformError('MANIFEST_INVALID', `Plugin "${manifest.id}": ${fault}`, { fix: 'Correct definePlugin({ … }) and build again.' })
}

function versionFaults(manifest: Manifest): readonly string[] {
  const faults: string[] = []
  if (semver.validRange(manifest.sdk) === null) faults.push(`sdk: "${manifest.sdk}" is no semver range.`)
  for (const [id, range] of [...Object.entries(manifest.requires), ...Object.entries(manifest.optional)]) {
    if (semver.validRange(range) === null) faults.push(`requires "${id}": "${range}" is no semver range.`)
    if (isContractId(id) && range !== '*') faults.push(`requires "${id}": a contract carries its version in its id; write '*'.`)
    if (manifest.provides.includes(id)) faults.push(`requires "${id}", which it provides itself.`)
  }
  return faults
}

function permissionFaults(plugin: Plugin, registrations: Registrations): readonly string[] {
  const declared = new Set(Object.keys(plugin.permissions ?? {}))
  const used = [
    ...registrations.endpoints.map((endpoint) => ({ where: `${endpoint.kind} ${endpoint.path}`, permission: endpoint.permission, needed: endpoint.audience !== 'public' })),
    ...registrations.contributions.map((one) => ({ where: `contribution "${one.title}"`, permission: one.permission, needed: false })),
    ...registrations.services.flatMap(({ service }) =>
      Object.entries(service.operations).map(([name, operation]) => ({ where: `service ${service.id} ${name}`, permission: operation.permission, needed: false }))),
  ]
  return used.flatMap(({ where, permission, needed }) => {
    if (permission === undefined) return needed ? [`${where}: only a public audience goes without a permission.`] : []
    return declared.has(permission) ? [] : [`${where}: permission "${permission}" is not declared.`]
  })
}

function messageFaults(plugin: Plugin, registrations: Registrations): readonly string[] {
  const faults: string[] = []
  const keys = new Set([...Object.keys(plugin.messages.fr), ...Object.keys(plugin.messages.en)])
  for (const locale of LOCALES) {
    const messages: Readonly<Record<string, string>> = plugin.messages[locale]
    for (const key of keys) {
      const text = messages[key]
      if (text === undefined) {
        faults.push(`messages.${locale}: "${key}" is missing.`)
        continue
      }
      // Most have nothing to parse, and a start parses the messages of every plugin.
      if (!/[{}'<]/.test(text)) continue
      try {
        new IntlMessageFormat(text, locale)
      } catch (cause) {
        faults.push(`messages.${locale}."${key}" is no ICU message: ${String(cause)}`)
      }
    }
  }
  for (const { key, use, fields } of shownByItself(registrations)) {
    if (!keys.has(key)) faults.push(`"${key}" is used as ${use} but is no message.`)
    else if (LOCALES.some((locale) => needsValues(plugin.messages[locale], key, locale, fields))) faults.push(`"${key}" is used as ${use} but needs values, which nobody gives there.`)
  }
  return faults
}

/** The messages that the platform shows without asking the plugin: on pages of its own, where a missing text would cost everybody the page. */
function shownByItself(registrations: Registrations): readonly { readonly key: string; readonly use: string; readonly fields?: readonly string[] }[] {
  return [
    ...registrations.endpoints.flatMap((endpoint) => ('title' in endpoint && endpoint.title !== undefined ? [{ key: endpoint.title, use: 'a title' }] : [])),
    ...registrations.endpoints.flatMap((endpoint) => (endpoint.kind === 'form' && endpoint.submit !== undefined ? [{ key: endpoint.submit, use: 'a text of a form' }] : [])),
    // An intro may name the fields of its form.
    ...registrations.endpoints.flatMap((endpoint) => (endpoint.kind === 'form' && endpoint.intro !== undefined ? [{ key: endpoint.intro, use: 'a text of a form', fields: Object.keys(endpoint.schema.properties) }] : [])),
    ...registrations.contributions.map((contribution) => ({ key: contribution.title, use: 'a title' })),
    ...registrations.contributions.flatMap(({ slot, data }) => (slot.id === GuichetService.id && typeof data['description'] === 'string' ? [{ key: data['description'], use: 'a description' }] : [])),
  ]
}

function needsValues(messages: Readonly<Record<string, string>>, key: string, locale: Locale, given: readonly string[] = []): boolean {
  try {
    new IntlMessageFormat(messages[key] ?? '', locale).format(Object.fromEntries(given.map((name) => [name, ''])))
    return false
  } catch {
    return true
  }
}

function registrationFaults(plugin: Plugin, registrations: Registrations): readonly string[] {
  const faults: string[] = []
  for (const endpoint of registrations.endpoints) {
    if (endpoint.path.startsWith('/_')) faults.push(`${endpoint.kind} "${endpoint.path}": addresses that start with "/_" are the platform's own.`)
    if (!endpoint.path.startsWith('/')) faults.push(`${endpoint.kind} "${endpoint.path}": a path starts with "/".`)
    if (endpoint.kind === 'form' && Object.hasOwn(endpoint.schema.properties, TOKEN_FIELD)) faults.push(`form "${endpoint.path}": a field called "${TOKEN_FIELD}" is the platform's own; give it another name.`)
  }
  for (const contribution of registrations.contributions) {
    const wrong = Value.Errors(contribution.slot.data, contribution.data).First()
    if (wrong !== undefined) faults.push(`contribution "${contribution.title}" to ${contribution.slot.id}: ${wrong.path} ${wrong.message}`)
    if (contribution.slot.rendered !== (contribution.render !== undefined)) faults.push(`contribution "${contribution.title}" to ${contribution.slot.id}: ${contribution.slot.rendered ? 'render is missing' : 'this slot takes no render'}.`)
  }
  for (const schedule of registrations.schedules) {
    try {
      // As the scheduler reads it, so that nothing is refused only when it shall run.
      if (new Cron(schedule.cron, { paused: true, mode: '5-part', timezone: TIME_ZONE }).nextRun() === null) faults.push(`schedule "${schedule.id}": "${schedule.cron}" never comes.`)
    } catch (cause) {
      faults.push(`schedule "${schedule.id}": "${schedule.cron}" is no cron expression: ${String(cause)}`)
    }
    if (!(schedule.timeoutMs >= 1 && schedule.timeoutMs <= 600_000)) faults.push(`schedule "${schedule.id}": timeoutMs is ${schedule.timeoutMs}, it must be 1 to 600 000.`)
  }
  for (const repeated of repeats(registrations.schedules.map(({ id }) => id))) faults.push(`two schedules are called "${repeated}".`)
  for (const repeated of repeats(registrations.handlers.map(({ id }) => id))) faults.push(`two event handlers are called "${repeated}"; give one an id.`)
  for (const repeated of repeats(registrations.services.map(({ service }) => service.id))) faults.push(`service ${repeated} is provided twice.`)
  for (const repeated of repeats(registrations.workers.map(({ id }) => id))) faults.push(`two workers are called "${repeated}".`)
  for (const repeated of repeats(registrations.commands.map(({ name }) => name))) faults.push(`two commands are called "${repeated}".`)
  if (registrations.handlers.some(({ event }) => event === 'any') && !asksFor(plugin, 'events:read:*')) faults.push('it listens to every event but does not ask for the scope "events:read:*".')
  faults.push(...scriptFaults(plugin, registrations))
  for (const scope of Object.keys(plugin.optionalScopes ?? {})) if ((plugin.scopes as readonly string[]).includes(scope)) faults.push(`the scope "${scope}" stands in scopes and in optionalScopes: it can do without or it cannot.`)
  if (Object.keys(plugin.migrations ?? {}).length > 0 && !plugin.scopes.includes('db')) faults.push('it has migrations but does not ask for the scope "db".')
  return faults
}

function scriptFaults(plugin: Plugin, { endpoints }: Registrations): readonly string[] {
  const known = new Set(plugin.browser)
  const pages = endpoints.flatMap((endpoint) => (endpoint.kind === 'page' && endpoint.browser !== undefined ? [{ ...endpoint, ...endpoint.browser }] : []))
  const faults = pages.flatMap(({ path, audience, script }) => [
    ...(known.has(script) ? [] : [`page ${path}: its script "${script}" is not named in "browser".`]),
    ...(audience === 'agent' || audience === 'admin' ? [] : [`page ${path}: pages for ${audience === 'public' ? 'everybody' : 'citizens'} run no script of a plugin.`]),
  ])
  for (const name of known) if (!pages.some(({ script }) => script === name)) faults.push(`browser: no page loads the script "${name}".`)
  if (known.size > 0 && !asksFor(plugin, 'browser')) faults.push('it has scripts for pages but does not ask for the scope "browser".')
  if (known.size > 0 && plugin.runtime === 'remote') faults.push('an application that answers elsewhere has no archive that scripts could come from.')
  return faults
}

function asksFor({ scopes, optionalScopes = {} }: Plugin, scope: Scope): boolean {
  return scopes.includes(scope) || Object.hasOwn(optionalScopes, scope)
}

function repeats(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}
