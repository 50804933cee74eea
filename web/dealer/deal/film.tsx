import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { cropName } from '@kit/farm'
import { minutes } from '@kit/i18n/format'
import { enqueue } from '@kit/outbox/outbox'
import { Button } from '@kit/parts/controls'
import { Icon } from '@kit/parts/icons'
import { Empty, Shown } from '@kit/parts/states'
import { PresentProduct } from './acts'
import { Films, type Film } from './catalogue'
import { Onward, StepFrame, type StepProps } from './frame'
import styles from './deal.module.css'

/** FilmStep plays the machine at the chapter that fits the farm, and counts the seconds that were really watched. */
export function FilmStep({ id, deal, change, go }: StepProps) {
  const { t } = useTranslation()
  const productId = deal.offer?.productId ?? ''
  const [result, retry] = useQuery({ query: Films, variables: { id: productId }, pause: productId === '' })
  const watched = Math.floor(deal.watched[productId] ?? 0)
  const film = useRef('')
  const onward = async () => {
    const at = new Date().toISOString()
    if (watched > 0) {
      change({ watched: { ...deal.watched, [productId]: 0 } })
      await enqueue(
        PresentProduct, { consultationId: id, productId, mediaId: film.current || undefined, watchedSeconds: watched, occurredAt: at },
        { chain: id, label: 'outbox.showing', subject: deal.customerName, at },
      )
    }
    go('quote')
  }
  return (
    <StepFrame id={id} step="film" deal={deal} title={t('deal.film.title')} act={<Onward onPress={() => void onward()}>{t('deal.film.act')}</Onward>}>
      <Shown result={result} retry={retry} loading={<div className={`shape ${styles.film}`} />}>
        {(data) => {
          const media = data.product?.media ?? []
          if (media.length === 0) return <Empty icon="play" title={t('deal.film.none')} />
          return media.map((m) =>
            m.kind === 'FILE' ? (
              <Player
                key={m.id} film={m} crops={deal.needs.crops}
                onWatched={(seconds) => {
                  film.current = m.id
                  change({ watched: { ...deal.watched, [productId]: (deal.watched[productId] ?? 0) + seconds } })
                }}
              />
            ) : (
              <p key={m.id}>
                <a className="button" href={m.url} target="_blank" rel="noreferrer"><Icon name="play" />{m.title} · YouTube · {minutes(m.durationSeconds)}</a>
              </p>
            ),
          )
        }}
      </Shown>
      <p className="soft" aria-live="polite" data-testid="watched">{watched > 0 ? t('deal.film.watched', { seconds: watched }) : t('deal.film.lead')}</p>
    </StepFrame>
  )
}

/** Player plays a film from the first chapter of the farm's crops on, and reports seconds as they are played. */
function Player({ film, crops, onWatched }: { film: Film; crops: string[]; onWatched: (seconds: number) => void }) {
  const { t } = useTranslation()
  const video = useRef<HTMLVideoElement>(null)
  const last = useRef<number>(undefined)
  const report = useRef(onWatched)
  const kept = useRef(0)
  const [broken, setBroken] = useState(false)
  useEffect(() => {
    report.current = onWatched
  })
  const begin = useMemo(() => film.chapters.find((c) => crops.includes(c.crop))?.atSecond ?? 0, [film, crops])
  const keep = (least: number) => {
    if (kept.current < least) return
    report.current(kept.current)
    kept.current = 0
  }
  const played = () => {
    const now = video.current?.currentTime ?? 0
    const step = now - (last.current ?? now)
    // Jumps are not watching; a tablet that stutters reports up to a second and a half late.
    if (step > 0 && step < 1.5) kept.current += step
    last.current = now
    keep(1)
  }
  const jump = (second: number) => {
    if (!video.current) return
    last.current = undefined
    video.current.currentTime = second
    void video.current.play().catch(() => undefined)
  }
  return (
    <figure className="stack" data-gap="1">
      {broken ? (
        <Empty icon="offline" title={t('deal.film.broken')}>{t('deal.film.brokenHint')}</Empty>
      ) : (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- the films have no words, only the machine at work
        <video
          ref={video} className={styles.film} src={film.url} controls playsInline preload="metadata" aria-label={film.title}
          onLoadedMetadata={() => { if (video.current) video.current.currentTime = begin }} onSeeking={() => { last.current = undefined }}
          onTimeUpdate={played} onPause={() => keep(0.01)} onEnded={() => keep(0.01)} onError={() => setBroken(true)}
        />
      )}
      <figcaption><strong>{film.title}</strong> <span className="soft">{minutes(film.durationSeconds)}</span></figcaption>
      {!broken && film.chapters.length > 0 && (
        <div className={styles.chapters} role="group" aria-label={t('deal.film.chapters')}>
          {film.chapters.map((c) => (
            <Button key={c.atSecond} icon="play" onPress={() => jump(c.atSecond)}>{minutes(c.atSecond)} {c.title}{c.crop && crops.includes(c.crop) && <span className="badge" data-tone="field">{cropName(c.crop)}</span>}</Button>
          ))}
        </div>
      )}
    </figure>
  )
}
