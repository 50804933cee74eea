import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { Button } from '@kit/parts/controls'
import { useTranslation } from 'react-i18next'
import { theme } from '../theme'
import { Board } from './board'
import { Figures } from './figures'
import styles from './wall.module.css'

const Country = lazy(() => import('./country').then((m) => ({ default: m.Country })))

/** Wall is the country now: what was signed, where, and who leads; on a desk, or over a whole wall. */
export function Wall() {
  const { t } = useTranslation()
  const wall = useRef<HTMLDivElement>(null)
  const [moved, setMoved] = useState(0)
  const full = useFullScreen()
  return (
    <div ref={wall} className={styles.wall} data-testid="wall">
      <div className="row" data-apart="">
        <h1>{t('wall.title')}</h1>
        <Button onPress={() => void (full ? document.exitFullscreen() : wall.current?.requestFullscreen())}>{t(full ? 'wall.leave' : 'wall.full')}</Button>
      </div>
      <Figures moved={moved} />
      <div className={styles.halves}>
        <Board onMove={() => setMoved((n) => n + 1)} />
        <Suspense fallback={<div className="shape" style={{ height: '24rem' }} />}>
          <Country />
        </Suspense>
      </div>
    </div>
  )
}

/** useFullScreen tells whether the wall fills the screen; while it does, it is night. */
function useFullScreen(): boolean {
  const [full, setFull] = useState(false)
  useEffect(() => {
    let before = theme.get()
    const look = () => {
      const now = document.fullscreenElement !== null
      if (now) before = theme.get()
      theme.set(now ? 'night' : before)
      setFull(now)
    }
    document.addEventListener('fullscreenchange', look)
    return () => document.removeEventListener('fullscreenchange', look)
  }, [])
  return full
}
