import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ago } from '../i18n/format'
import type { Item } from '../outbox/item'
import { again, drop, flush, items } from '../outbox/outbox'
import { useStore } from '../store'
import { Button } from './controls'
import { Icon } from './icons'
import { Empty } from './states'

const tones = { waiting: 'amber', sending: 'sky', sent: 'field', conflict: 'brick', refused: 'brick' } as const

/** How an app shows the two versions of a conflict, for the person to choose; null where it knows no better than to send again or to drop. */
export type ShowConflict = (item: Item) => ReactNode

/** OutboxPage lists what was done on this device: what waits, what was sent, what needs a decision. */
export function OutboxPage({ conflict }: { conflict?: ShowConflict }) {
  const { t } = useTranslation()
  const all = useStore(items)
  const waiting = all.some((i) => i.state === 'waiting')
  return (
    <div className="stack">
      <div className="row" data-apart="">
        <h1>{t('kit:outbox.title')}</h1>
        {waiting && <Button onPress={() => void flush()}>{t('kit:outbox.sendNow')}</Button>}
      </div>
      <p className="soft">{t('kit:outbox.lead')}</p>
      {all.length === 0 ? (
        <Empty icon="check" title={t('kit:outbox.empty')}>{t('kit:outbox.emptyHint')}</Empty>
      ) : (
        <ul className="list">{[...all].reverse().map((i) => <Entry key={i.key} item={i} conflict={conflict} />)}</ul>
      )}
    </div>
  )
}

function Entry({ item, conflict }: { item: Item; conflict?: ShowConflict }) {
  const { t } = useTranslation()
  const choice = item.state === 'conflict' ? conflict?.(item) : null
  const stuck = item.state === 'conflict' || item.state === 'refused'
  return (
    <li className="stack" data-gap="1" style={{ padding: 'var(--s2)' }}>
      <div className="row" data-apart="">
        <div>
          <strong>{t(`kit:${item.label}`)}</strong>
          <p className="soft small">{item.subject} · {ago(item.at)}</p>
        </div>
        <span className="badge" data-tone={tones[item.state]}>
          <Icon name={item.state === 'sent' ? 'check' : stuck ? 'warning' : 'cloud'} />
          {t(`kit:outbox.state.${item.state}`)}
        </span>
      </div>
      {stuck && (
        <>
          <p className="problem">{item.problems?.map((p) => p.message).join(' ')}</p>
          {choice}
          <div className="row">
            {!choice && <Button onPress={() => void again(item.key)}>{t('kit:outbox.again')}</Button>}
            <Button kind="danger" onPress={() => void drop(item.key)}>{t('kit:outbox.drop')}</Button>
          </div>
        </>
      )}
    </li>
  )
}
