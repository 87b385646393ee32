import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Badge, Time } from '@liberacces/sdk/ui'
import type { LabelStanding } from '../labels/label-standing.ts'
import { useTranslate } from './translate.ts'

/** What is known of the label of a release: `shipped` with the platform, so that it needs none, or `none`. */
export type LabelItem = 'shipped' | 'none' | Pick<LabelStanding, 'grade' | 'notAfter' | 'state' | 'problem' | 'certifier'>

/** The label of a release in one cell: words first, the colour only helps. */
export function LabelCell({ label }: { readonly label: LabelItem }): JSX.Element {
  const t = useTranslate()
  if (label === 'shipped') return <Badge>{t('labels.shipped')}</Badge>
  if (label === 'none') return <Badge kind="warning">{t('labels.none')}</Badge>
  const { grade, notAfter, state, problem, certifier } = label
  const kind = state === 'revoked' ? 'error' : problem !== undefined || state !== 'valid' ? 'warning' : 'success'
  return (
    <>
      <Badge kind={kind}>{problem === undefined || state === 'revoked' || state === 'suspended' ? t(`labels.state.${state}`) : t('labels.failing')}</Badge>
      {' '}{t('labels.grade', { grade: t(`labels.grade.${grade}`) })}{', '}{t('labels.until')} <Time date={notAfter} />
      {certifier === undefined ? <>{', '}{t('labels.untrusted')}</> : <>{', '}{certifier}</>}
      {problem !== undefined && state !== 'suspended' && state !== 'revoked' && <><br />{isExplained(problem.code) ? t(`labels.problem.${problem.code}`) : problem.message} <code>{problem.code}</code></>}
    </>
  )
}

const EXPLAINED = ['LABEL_DIGEST', 'LABEL_ROOT_UNKNOWN', 'LABEL_SIGNATURES', 'LABEL_SIGNER', 'LABEL_DATES', 'LABEL_KERNEL', 'LABEL_STATUS_STALE', 'LABEL_GRADE', 'LABEL_INVALID', 'LABEL_REVOKED'] as const

function isExplained(code: string): code is (typeof EXPLAINED)[number] {
  return (EXPLAINED as readonly string[]).includes(code)
}
