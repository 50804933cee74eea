import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readAloud } from '../preferences'
import { Button } from './controls'

/** ReadAloud speaks a text, and stops when it is touched again. It is not there on a device that can't speak. */
export function ReadAloud({ text }: { text: string }) {
  const { t } = useTranslation()
  const [speaking, setSpeaking] = useState(false)
  useEffect(() => {
    if (!speaking) return
    const timer = setInterval(() => setSpeaking(speechSynthesis.speaking || speechSynthesis.pending), 500)
    return () => {
      clearInterval(timer)
      speechSynthesis.cancel()
    }
  }, [speaking])
  if (!('speechSynthesis' in window)) return null
  return (
    <Button icon="speaker" onPress={() => (speaking ? setSpeaking(false) : setSpeaking(readAloud(text)))}>
      {speaking ? t('kit:readStop') : t('kit:readAloud')}
    </Button>
  )
}
