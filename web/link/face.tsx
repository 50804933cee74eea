import { count, day, won } from '@kit/i18n/format'
import { Icon } from '@kit/parts/icons'
import { readAloud } from '@kit/preferences'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Consents } from './consents'
import type { Contract } from './contract'
import { Delivery } from './delivery'
import { Call, Press } from './parts'
import styles from './link.module.css'

const Signing = lazy(() => import('./signing'))

type Props = { contract: Contract; onChange: (contract: Contract) => void; onStale: () => void }

/** Face is the contract in plain words, and under it the one thing to do next. */
export function Face({ contract: c, onChange, onStale }: Props) {
  const { t } = useTranslation()
  const [read, setRead] = useState(false)
  const [signing, setSigning] = useState(false)
  const machine = c.lines.map((l) => `${l.productName}${l.quantity > 1 ? ` × ${count(l.quantity)}` : ''}`).join(', ') || t('machines', { n: count(c.quantity) })
  const plain = t('plain.' + c.status, { machine, dealer: c.dealerName, total: won(c.total), day: day(c.signedAt ?? c.cancelledAt ?? c.draftedAt) }) + (c.monthly > 0 ? ' ' + t('plain.monthly', { monthly: won(c.monthly), months: c.months, down: won(c.downPayment) }) : '')
  if (signing) return <Suspense fallback={<div className="shape" style={{ height: '20rem' }} />}><Signing contract={c} onDone={(next) => { setSigning(false); onChange(next); window.scrollTo(0, 0) }} onBack={() => setSigning(false)} onStale={onStale} /></Suspense>
  return (
    <div className="stack" data-gap="3">
      <div className="stack" data-gap="1">
        <p className="row" data-gap="1"><span className="badge" data-tone={c.status === 'SIGNED' ? 'field' : c.status === 'DRAFT' ? 'sky' : 'amber'}>{t(`status.${c.status}`)}</span> <span className="soft small">{c.number}</span></p>
        <h1>{t('hello', { name: c.customerName })}</h1>
        <p className="large">{plain}</p>
        <Press icon="speaker" onClick={() => readAloud(plain)}>{t('aloud')}</Press>
      </div>
      <Sums contract={c} />
      {c.paperLink && (
        <a className="button" data-kind={c.status === 'DRAFT' && !read ? 'primary' : 'plain'} data-large="" data-wide="" href={c.paperLink.url} target="_blank" rel="noopener" onClick={() => setRead(true)} download={c.status === 'SIGNED' ? `${c.number}.pdf` : undefined}>
          <Icon name={c.status === 'SIGNED' ? 'download' : 'deal'} /> {t(c.status === 'SIGNED' ? 'download' : 'readPaper')}
        </a>
      )}
      {c.status === 'DRAFT' && c.paperSha256 && (
        <div className="stack" data-gap="1">
          <Press kind={read ? 'primary' : 'plain'} large wide icon="pen" disabled={!read} onClick={() => setSigning(true)}>{t('sign.begin')}</Press>
          {!read && <p className="soft small">{t('sign.readFirst')}</p>}
        </div>
      )}
      <Delivery contract={c} />
      <Call name={c.dealerName} phone={c.dealerPhone} />
      {c.status !== 'DRAFT' && <Consents contract={c} onChange={onChange} />}
      <p className="soft small">{t('until', { day: day(c.linkExpiresAt) })}</p>
    </div>
  )
}

function Sums({ contract: c }: { contract: Contract }) {
  const { t } = useTranslation()
  return (
    <section className="card stack" aria-labelledby="sums">
      <h2 id="sums" className="hidden">{t('sums.title')}</h2>
      <ul className="stack" data-gap="1">
        {c.lines.map((l) => (
          <li key={l.modelCode} className={styles.machine}>
            <Icon name="tractor" />
            <span><strong>{l.productName}{l.quantity > 1 ? ` × ${count(l.quantity)}` : ''}</strong>{l.options.length > 0 && <span className="soft small"> {l.options.map((o) => o.name).join(', ')}</span>}</span>
          </li>
        ))}
      </ul>
      <div className={styles.total}>
        <p><span className="soft">{t('sums.total')}</span><strong className="figure">{won(c.total)}</strong></p>
        {c.monthly > 0 && <p><span className="soft">{t('sums.monthly', { months: c.months })}</span><strong className={styles.monthly}>{won(c.monthly)}</strong></p>}
      </div>
      <dl className={styles.sums}>
        <dt>{t('sums.list')}</dt><dd>{won(c.listTotal)}</dd>
        {c.discount > 0 && <><dt>{t('sums.discount')}</dt><dd>− {won(c.discount)}</dd></>}
        {c.tradeIn && c.tradeIn.amount > 0 && <><dt>{t('sums.tradeIn')}</dt><dd>− {won(c.tradeIn.amount)}</dd></>}
        {c.downPayment > 0 && <><dt>{t('sums.down')}</dt><dd>{won(c.downPayment)}</dd></>}
        {c.delivery && <><dt>{t('sums.delivery')}</dt><dd>{c.delivery}</dd></>}
      </dl>
    </section>
  )
}
