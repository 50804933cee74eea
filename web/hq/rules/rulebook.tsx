import { count, day } from '@kit/i18n/format'
import type { ResultOf } from '@kit/graphql'
import { Button } from '@kit/parts/controls'
import { Empty, Shown } from '@kit/parts/states'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { graphql } from '../graphql'

const Query = graphql(`
  query RulebookPage($version: Int) {
    rulebook(version: $version) {
      version effectiveFrom dailyCap
      rules { key character title behaviour evidence points vestAfterDays caps { per limit days } }
    }
  }
`)

type Rule = NonNullable<ResultOf<typeof Query>['rulebook']>['rules'][number]

/** RulebookPage is the rulebook as it is in force, or an older version: every rule with the behaviour it stands for. */
export function RulebookPage() {
  const { t } = useTranslation()
  const [version, setVersion] = useState<number | null>(null)
  const [newest] = useQuery({ query: Query, variables: { version: null } })
  const [result, retry] = useQuery({ query: Query, variables: { version } })
  const last = newest.data?.rulebook?.version ?? 0
  return (
    <div className="stack" data-gap="3">
      <h1>{t('rules.title')}</h1>
      {last > 1 && (
        <div className="row" data-gap="1" role="group" aria-label={t('rules.versions')}>
          {Array.from({ length: last }, (_, i) => last - i).map((n) => (
            <Button key={n} kind={(version ?? last) === n ? 'primary' : 'plain'} aria-pressed={(version ?? last) === n} onPress={() => setVersion(n)}>{t('rules.version', { n })}</Button>
          ))}
        </div>
      )}
      <Shown result={result} retry={() => retry({ requestPolicy: 'network-only' })}>
        {({ rulebook: b }) => b === null ? <Empty title={t('rules.none')} /> : (
          <>
            <p>{t('rules.lead', { n: b.version, day: day(b.effectiveFrom), cap: count(b.dailyCap) })}</p>
            <Rules title={t('rules.right')} rules={b.rules.filter((r) => r.character === 'RIGHT')} />
            <Rules title={t('rules.bad')} rules={b.rules.filter((r) => r.character === 'BAD')} />
          </>
        )}
      </Shown>
    </div>
  )
}

function Rules({ title, rules }: { title: string; rules: Rule[] }) {
  const { t } = useTranslation()
  if (rules.length === 0) return null
  return (
    <section className="stack" aria-label={title}>
      <h2>{title}</h2>
      <ul className="grid" style={{ '--column': '24rem' } as React.CSSProperties}>
        {rules.map((r) => (
          <li key={r.key} className="card stack" data-gap="1">
            <div className="row" data-apart=""><h3>{r.title}</h3><strong className="large">{r.points > 0 ? '+' : ''}{count(r.points)}</strong></div>
            <p>{r.behaviour}</p>
            <p className="small soft"><strong>{t('rules.evidence')}</strong> {r.evidence}</p>
            <p className="row" data-gap="1">
              {r.caps.map((c) => <span key={c.per} className="badge">{t(`cap.${c.per}`, { limit: count(c.limit), days: count(c.days) })}</span>)}
              {r.vestAfterDays > 0 && <span className="badge" data-tone="sky">{t('rules.vest', { n: count(r.vestAfterDays) })}</span>}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
