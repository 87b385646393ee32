import { basePlugin } from '#base'
import { Page } from '@liberacces/sdk/ui'

const WEEKS = Array.from({ length: 14 }, (_, index) => String(2_026_000 + index))

export default basePlugin({
  says: { 'page.weeks': 'Semaines' },
  also: (k) => {
    k.page({ path: '/semaines', audience: 'public', title: 'page.weeks' }, (c) => (
      <Page title={c.t('page.weeks')}><table><caption>{c.t('page.weeks')}</caption><thead><tr>{WEEKS.map((week) => <th scope="col">{week}</th>)}</tr></thead><tbody><tr>{WEEKS.map((week) => <td>{week}</td>)}</tr></tbody></table></Page>
    ))
  },
})
