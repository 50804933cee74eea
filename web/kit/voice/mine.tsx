import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import type { ResultOf } from '../graphql'
import { moment } from '../i18n/format'
import { useSent } from '../outbox/sent'
import { token } from '../session'
import { Button } from '../parts/controls'
import { Icon } from '../parts/icons'
import { Pages } from '../parts/pages'
import { Empty, Shown } from '../parts/states'
import { MyVoices } from './operations'

type Voice = ResultOf<typeof MyVoices>['voices']['nodes'][number]

const tones = { RECEIVED: 'sky', ANSWERED: 'field', CLOSED: 'field' } as const

/** Voices are what somebody sent to headquarters, each with its answers and what changed because of it. */
export function Voices() {
  const { t } = useTranslation()
  return (
    <div className="stack">
      <h1>{t('kit:voice.mine')}</h1>
      <p className="soft">{t('kit:voice.lead')}</p>
      <Pages page={(after, follow) => <Page after={after} follow={follow} />} />
    </div>
  )
}

function Page({ after, follow }: { after: string | null; follow: (end: string | null) => ReactNode }) {
  const { t } = useTranslation()
  const [result, refresh] = useQuery({ query: MyVoices, variables: { after } })
  const again = () => refresh({ requestPolicy: 'network-only' })
  useSent(again)
  return (
    <Shown result={result} retry={again}>
      {({ voices }) => (voices.nodes.length === 0 ? <Empty icon="voice" title={t('kit:voice.none')}>{t('kit:voice.noneHint')}</Empty> : (
        <>
          <ul className="stack">{voices.nodes.map((v) => <li key={v.id}><One voice={v} /></li>)}</ul>
          {follow(voices.pageInfo.hasNextPage ? voices.pageInfo.endCursor : null)}
        </>
      ))}
    </Shown>
  )
}

function One({ voice: v }: { voice: Voice }) {
  const { t } = useTranslation()
  return (
    <article className="card stack" data-gap="1">
      <div className="row" data-apart="">
        <span className="soft small">{t(`kit:voice.kind.${v.kind}`)} · {moment(v.occurredAt)}</span>
        <span className="row" data-gap="1">
          {v.useful && <span className="badge" data-tone="amber"><Icon name="star" />{t('kit:voice.useful')}</span>}
          <span className="badge" data-tone={tones[v.status]}>{t(`kit:voice.status.${v.status}`)}</span>
        </span>
      </div>
      {v.text && <p className="large">{v.text}</p>}
      <div className="row" data-gap="1">
        {v.photoUrls.map((url, i) => <Picture key={url} url={url} label={t('kit:voice.picture', { n: i + 1 })} />)}
        {v.audioUrl && <Sound url={v.audioUrl} />}
      </div>
      {v.answers.map((a) => (
        <div key={a.id} className="card" data-tone="field">
          <p>{a.text}</p>
          <p className="soft small">{a.staffName} · {moment(a.answeredAt)}</p>
        </div>
      ))}
      {v.outcome && <p className="card" data-tone="sky"><strong>{t('kit:voice.outcome')}</strong> {v.outcome}</p>}
      {v.status === 'RECEIVED' && <p className="soft small">{t('kit:voice.due', { moment: moment(v.dueAt) })}</p>}
    </article>
  )
}

/** useFile fetches a file that needs the person's token, for this page alone. */
function useFile(url: string, wanted: boolean): string | undefined {
  const [made, setMade] = useState<string>()
  useEffect(() => {
    if (!wanted) return
    let gone = false
    let mine: string | undefined
    void (async () => {
      const bearer = await token()
      const answer = await fetch(url, { headers: bearer ? { Authorization: `Bearer ${bearer}` } : {} }).catch(() => null)
      if (!answer?.ok || gone) return
      mine = URL.createObjectURL(await answer.blob())
      setMade(mine)
    })()
    return () => {
      gone = true
      if (mine) URL.revokeObjectURL(mine)
    }
  }, [url, wanted])
  return made
}

function Picture({ url, label }: { url: string; label: string }) {
  const made = useFile(url, true)
  return made ? <img src={made} alt={label} style={{ maxHeight: '9rem', borderRadius: 'var(--round-small)' }} /> : <div className="shape" style={{ width: '9rem', height: '9rem' }} />
}

function Sound({ url }: { url: string }) {
  const { t } = useTranslation()
  const [wanted, setWanted] = useState(false)
  const made = useFile(url, wanted)
  if (!made) return <Button icon="play" isDisabled={wanted} onPress={() => setWanted(true)}>{t('kit:voice.hear')}</Button>
  return <audio controls autoPlay src={made}><track kind="captions" /></audio>
}
