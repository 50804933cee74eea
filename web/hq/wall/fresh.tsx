import { ago } from '@kit/i18n/format'
import { online } from '@kit/online'
import { useStore } from '@kit/store'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

const seen = new WeakMap<object, Date>()

/** cameAt is when an answer came to this device. */
function cameAt(answer: object): Date {
  const at = seen.get(answer) ?? new Date()
  seen.set(answer, at)
  return at
}

/** Fresh says how old the answer is that a figure is from; stale ones stand out. */
export function Fresh({ answer, stale }: { answer: object | null | undefined; stale?: boolean }) {
  const { t } = useTranslation()
  const [, setBeat] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setBeat((n) => n + 1), 10_000)
    return () => clearInterval(timer)
  }, [])
  const connected = useStore(online)
  if (stale || !connected) return <span className="badge" data-tone="amber">{t('wall.stale')}</span>
  return <span className="small soft">{answer ? t('wall.fresh', { ago: ago(cameAt(answer).toISOString()) }) : ''}</span>
}
