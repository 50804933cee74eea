import { useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/controls'

const VoiceSheet = lazy(() => import('./sheet').then((m) => ({ default: m.VoiceSheet })))

/** VoiceButton lets somebody speak to headquarters from any screen in two taps; the screen is noted. */
export function VoiceButton() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const screen = useLocation({ select: (l) => l.pathname })
  return (
    <>
      <Button kind="quiet" icon="voice" aria-label={t('kit:voice.open')} onPress={() => setOpen(true)} />
      <Suspense fallback={null}>{open && <VoiceSheet screen={screen.slice(0, 200)} onClose={() => setOpen(false)} />}</Suspense>
    </>
  )
}
