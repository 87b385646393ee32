import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Page, Section, Time } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** The accessibility statement of a tenant. */
export interface AccessibilityPageProps {
  readonly tenantName: string
  /** Email address; without it the statement says to write to the town hall. */
  readonly contact?: string
  /** Day the statement was made, `YYYY-MM-DD`. */
  readonly date: string
}

/** The statement that article 47 of law 2005-102 asks for. No audit is published yet, and it says so. */
export function AccessibilityPage({ tenantName, contact, date }: AccessibilityPageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('accessibility.title')}>
      <div class="la-prose">
        <p>{t('accessibility.commitment', { name: tenantName })}</p>
        <p>{t('accessibility.scope', { name: tenantName })}</p>
      </div>
      <Section title={t('accessibility.state')}>
        <div class="la-prose">
          <p><strong>{t('accessibility.state.text')}</strong></p>
          <p>{t('accessibility.state.audit')}</p>
        </div>
      </Section>
      <Section title={t('accessibility.done')}><div class="la-prose"><p>{t('accessibility.done.text')}</p><p>{t('accessibility.done.open')}</p></div></Section>
      <Section title={t('accessibility.made')}><div class="la-prose"><p>{t('accessibility.made.text')} <Time date={date} />.</p></div></Section>
      <Section title={t('accessibility.contact')}>
        <div class="la-prose">
          <p>{t('accessibility.contact.text')}</p>
          <p>{contact === undefined ? t('accessibility.contact.office') : <a href={`mailto:${contact}`}>{contact}</a>}</p>
        </div>
      </Section>
      <Section title={t('accessibility.appeal')}>
        <div class="la-prose">
          <p>{t('accessibility.appeal.text')}</p>
          <ul>
            <li><a href="https://formulaire.defenseurdesdroits.fr/" rel="noopener">{t('accessibility.appeal.form')}</a></li>
            <li><a href="https://www.defenseurdesdroits.fr/trouver-un-delegue" rel="noopener">{t('accessibility.appeal.delegate')}</a></li>
            <li>{t('accessibility.appeal.post')}</li>
          </ul>
        </div>
      </Section>
    </Page>
  )
}
