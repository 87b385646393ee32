import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Badge, Form, Notice, Page, Section, TextInput, useReader } from '@liberacces/sdk/ui'
import { QUOTA_KINDS, type QuotaKind } from '../entitlement/quota-kind.ts'
import { quotaLimit } from './quota-amount.ts'
import { QuotaUsage, type QuotaItem } from './quota-usage.tsx'
import { useTranslate } from './translate.ts'

/** A plugin in the form of what a tenant may use. */
export interface RightItem {
  readonly id: string
  readonly title: string
  /** What this tenant's own rule says. */
  readonly ticked: boolean
  readonly isOn: boolean
  /** Name of the tenant above that may not use it: then nothing can be decided here. */
  readonly barredAbove?: string
}

/** What the Pool decides for one tenant and those below it. */
export interface ConsoleRightsPageProps {
  readonly tenant: { readonly slug: string; readonly name: string; readonly isPool: boolean; readonly below: number }
  readonly plugins: readonly RightItem[]
  /** Whether plugins to come are granted by themselves. */
  readonly grantsNew: boolean
  /** Where the decision would switch plugins off, and that was not agreed to yet. */
  readonly inUse?: { readonly names: readonly string[]; readonly more: number }
  /** Why a decision about plugins was refused. */
  readonly problem?: string
  readonly use: readonly QuotaItem[]
  /** As typed. */
  readonly quotas: Readonly<Record<QuotaKind, string>>
  readonly errors: Readonly<Partial<Record<QuotaKind, string>>>
}

/** The forms of a tenant's plugins and quotas. Post to `/collectivites/:slug/droits/modules` and `…/quotas`. */
export function ConsoleRightsPage({ tenant, plugins, grantsNew, inUse, problem, use, quotas, errors }: ConsoleRightsPageProps): JSX.Element {
  const t = useTranslate()
  const { locale } = useReader()
  const path = `/collectivites/${tenant.slug}`
  const wrong = QUOTA_KINDS.flatMap((kind) => (errors[kind] === undefined ? [] : [{ fieldId: `field-${kind}`, text: `${t(`quota.kind.${kind}`)} : ${errors[kind]}` }]))
  const effective = (kind: QuotaKind): string => {
    const limit = use.find((item) => item.kind === kind)?.limit
    return limit === undefined ? t('rights.quota.none') : t('rights.quota.holds', { limit: quotaLimit(locale, kind, limit) })
  }
  return (
    <Page
      title={t('rights.title', { name: tenant.name })}
      intro={<p>{tenant.isPool ? t('rights.intro.pool') : t('rights.intro', { count: tenant.below })}</p>}
      breadcrumb={[{ label: t('console.title'), href: '/' }, ...(tenant.isPool ? [] : [{ label: tenant.name, href: path }])]}
    >
      {wrong.length > 0 && <Notice kind="error" title={t('rights.errors')}><ul>{wrong.map(({ fieldId, text }) => <li key={fieldId}><a href={`#${fieldId}`}>{text}</a></li>)}</ul></Notice>}
      <Section title={t('rights.plugins')}>
        {problem !== undefined && <Notice kind="error"><p>{problem}</p></Notice>}
        {inUse !== undefined && (
          <Notice kind="warning" title={t('rights.inUse')}>
            <ul>{inUse.names.map((name) => <li key={name}>{name}</li>)}{inUse.more > 0 && <li>{t('rights.inUse.more', { count: inUse.more })}</li>}</ul>
            <p>{t('rights.inUse.advice')}</p>
          </Notice>
        )}
        <Form action={`${path}/droits/modules`}>
          <fieldset class="la-field la-fieldset">
            <legend>{t('rights.plugins.legend')}</legend>
            <ul class="plain-list right-list">
              {plugins.map((plugin) => <li key={plugin.id}><Right {...plugin} /></li>)}
            </ul>
          </fieldset>
          <fieldset class="la-field la-fieldset">
            <legend>{t('rights.new.legend')}</legend>
            <Choice type="radio" name="rule" value="all-but" checked={grantsNew} label={t('rights.new.yes')} />
            <Choice type="radio" name="rule" value="only" checked={!grantsNew} label={t('rights.new.no')} />
          </fieldset>
          <Choice type="checkbox" name="disable" value="true" checked={false} label={t('rights.disable')} />
          <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('rights.plugins.save')}</button></div>
        </Form>
      </Section>
      <Section title={t('rights.quotas')}>
        {!tenant.isPool && <QuotaUsage quotas={use} />}
        <Form action={`${path}/droits/quotas`}>
          <p class="la-hint">{t('rights.quotas.hint')}</p>
          {QUOTA_KINDS.map((kind) => (
            <TextInput
              key={kind} name={kind} label={t(`rights.quota.${kind}`)} value={quotas[kind]} optional
              hint={`${t(`rights.quota.${kind}.hint`)} ${effective(kind)}`}
              {...(errors[kind] === undefined ? {} : { error: errors[kind] })}
            />
          ))}
          <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('rights.quotas.save')}</button></div>
        </Form>
      </Section>
    </Page>
  )
}

function Right({ id, title, ticked, isOn, barredAbove }: RightItem): JSX.Element {
  const t = useTranslate()
  const state = isOn ? <Badge kind="success">{t('rights.on')}</Badge> : null
  if (barredAbove !== undefined) return <p class="right"><span>{title}</span> <span class="la-hint">{t('rights.barredAbove', { name: barredAbove })}</span> {state}</p>
  return (
    <div class="right">
      <Choice type="checkbox" name="grant" value={id} checked={ticked} label={title} /> {state}
      <input type="hidden" name="shown" value={id} />
    </div>
  )
}

function Choice({ type, name, value, checked, label }: { readonly type: 'radio' | 'checkbox'; readonly name: string; readonly value: string; readonly checked: boolean; readonly label: string }): JSX.Element {
  const id = `${name}-${value}`
  return <div class="la-choice"><input id={id} type={type} name={name} value={value} checked={checked} /><label for={id}>{label}</label></div>
}
