import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import type { ResultOf } from '@kit/graphql'
import { count, day } from '@kit/i18n/format'
import { ReadAloud } from '@kit/parts/readaloud'
import { Loading, Shown } from '@kit/parts/states'
import { graphql } from '../graphql'
import { signed } from './days'
import styles from './iq.module.css'

const Query = graphql(`
  query Rulebook { rulebook { version effectiveFrom dailyCap rules { key character title behaviour evidence points vestAfterDays caps { per limit days } } } }
`)

type Rule = NonNullable<ResultOf<typeof Query>['rulebook']>['rules'][number]

/** Rules is the rulebook in plain words: what earns, how much, how often, and what is asked to be seen. */
export function Rules() {
  const { t } = useTranslation()
  const [result, refresh] = useQuery({ query: Query })
  const loaded = Boolean(result.data)
  useEffect(() => {
    if (loaded && location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView({ block: 'center' })
  }, [loaded])
  return (
    <div className="stack" data-gap="3">
      <Shown result={result} retry={() => refresh({ requestPolicy: 'network-only' })} loading={<Loading lines={5} height="8rem" />}>
        {({ rulebook }) => rulebook && (
          <>
            <header className="stack" data-gap="1">
              <h1>{t('iq.rules')}</h1>
              <p className="soft">{t('iq.rulesLead', { version: rulebook.version, day: day(rulebook.effectiveFrom), cap: count(rulebook.dailyCap) })}</p>
            </header>
            <RuleList title={t('iq.right')} rules={rulebook.rules.filter((r) => r.character === 'RIGHT')} />
            <RuleList title={t('iq.bad')} rules={rulebook.rules.filter((r) => r.character === 'BAD')} />
          </>
        )}
      </Shown>
    </div>
  )
}

function RuleList({ title, rules }: { title: string; rules: Rule[] }) {
  if (rules.length === 0) return null
  return (
    <section className="stack">
      <h2>{title}</h2>
      <div className="grid" style={{ '--column': '22rem' } as React.CSSProperties}>{rules.map((r) => <OneRule key={r.key} rule={r} />)}</div>
    </section>
  )
}

function OneRule({ rule: r }: { rule: Rule }) {
  const { t } = useTranslation()
  const caps = r.caps.map((c) => t(`iq.cap.${c.per}`, { limit: c.limit, days: c.days }))
  const lines = [r.behaviour, t('iq.evidence', { evidence: r.evidence }), ...(caps.length > 0 ? [t('iq.often', { caps: caps.join(', ') })] : []), r.vestAfterDays > 0 ? t('iq.vestAfter', { days: r.vestAfterDays }) : t('iq.vestAtOnce')]
  return (
    <article className={`card stack ${styles.rule}`} data-gap="1" id={r.key}>
      <div className="row" data-apart="" style={{ flexWrap: 'nowrap', alignItems: 'start' }}>
        <h3 className="large">{r.title}</h3>
        <span className={styles.points} data-tone={r.points >= 0 ? 'field' : 'brick'}>{signed(r.points)}</span>
      </div>
      <p>{lines[0]}</p>
      <ul className="soft small stack" data-gap="1">{lines.slice(1).map((l) => <li key={l}>{l}</li>)}</ul>
      <div data-noprint=""><ReadAloud text={[r.title, ...lines].join('. ')} /></div>
    </article>
  )
}
