import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Page, Section } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** The legal notice of a tenant. */
export interface LegalPageProps {
  readonly tenantName: string
  readonly siren?: string
  /** Email address. */
  readonly contact?: string
  /** Who runs the platform: the Pool. */
  readonly hostName: string
}

/** Who answers for the site, who hosts it, what it does with personal data. */
export function LegalPage({ tenantName, siren, contact, hostName }: LegalPageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('legal.title')}>
      <Section title={t('legal.publisher')}>
        <div class="la-prose">
          <p>{t('legal.publisher.text', { name: tenantName })}{siren !== undefined && ` ${t('legal.publisher.siren', { siren })}`}</p>
          {contact !== undefined && <p>{t('legal.contact')} <a href={`mailto:${contact}`}>{contact}</a></p>}
        </div>
      </Section>
      <Section title={t('legal.host')}><div class="la-prose"><p>{t('legal.host.text', { name: hostName })}</p></div></Section>
      <Section title={t('legal.data')}>
        <div class="la-prose">
          <p>{t('legal.data.text', { name: tenantName })}</p>
          <p>{t('legal.data.rights')} <a href="https://www.cnil.fr/fr/plaintes" rel="noopener">{t('legal.data.cnil')}</a></p>
        </div>
      </Section>
      <Section title={t('legal.cookies')}><div class="la-prose"><p>{t('legal.cookies.text')}</p></div></Section>
      <Section title={t('legal.software')}><div class="la-prose"><p>{t('legal.software.text')}</p></div></Section>
    </Page>
  )
}
