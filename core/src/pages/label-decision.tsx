import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Form, Notice, Section, TextInput, Time } from '@liberacces/sdk/ui'
import type { LabelStanding } from '../labels/label-standing.ts'
import { useTranslate } from './translate.ts'

/** What is wrong with the label of a release, and the form in which an operator decides. Posts to `/modules/:id/label`. */
export function LabelDecision({ standing: { id, version, state, change, decision } }: { readonly standing: LabelStanding }): JSX.Element {
  const t = useTranslate()
  const isRevoked = state === 'revoked'
  return (
    <Section title={t('labels.decision.title', { version })}>
      <Notice kind={isRevoked ? 'error' : 'warning'} title={t(`labels.state.${state}`)}>
        {change !== undefined && <p>{t('labels.decision.since')} <Time date={change.at} withTime />{' : '}{change.note ?? change.reason} (<code>{change.reason}</code>). {t('labels.decision.appeal')} {change.appeal}</p>}
        {isRevoked && change !== undefined && <p>{t('labels.alert.disable')} <Time date={change.disableAt ?? change.at} withTime />.</p>}
        <p>{t(isRevoked ? 'labels.decision.revoked' : 'labels.decision.suspended')}</p>
        {decision !== undefined && <p>{t(`labels.decided.${decision.decision}`)} (<Time date={new Date(decision.at).toISOString()} withTime />, {decision.by}){' : '}{decision.reason}</p>}
      </Notice>
      <Form action={`/modules/${id}/label`}>
        <input type="hidden" name="version" value={version} />
        <TextInput name="reason" label={t('labels.decision.reason')} hint={t('labels.decision.reason.hint')} />
        <div class="la-form-actions">
          {!isRevoked && <button type="submit" class="la-button la-button-secondary" name="decision" value="continue">{t('labels.decision.continue')}</button>}
          <button type="submit" class="la-button la-button-danger" name="decision" value="stop">{t('labels.decision.stop')}</button>
        </div>
      </Form>
    </Section>
  )
}
