import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { minutes } from '../i18n/format'
import { Button } from '../parts/controls'
import { Icon } from '../parts/icons'

/** The longest recording, in seconds. */
const longest = 300

/** Recorder takes what is spoken; it can be heard again and thrown away before it is sent. */
export function Recorder({ sound, onChange }: { sound?: Blob; onChange: (sound: Blob | undefined) => void }) {
  const { t } = useTranslation()
  const recorder = useRef<MediaRecorder>(null)
  const [seconds, setSeconds] = useState<number>()
  const [denied, setDenied] = useState(false)
  useEffect(() => () => stop(recorder.current), [])
  const running = seconds !== undefined
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setSeconds((s) => (s ?? 0) + 1), 1_000)
    return () => clearInterval(timer)
  }, [running])
  useEffect(() => {
    if (seconds !== undefined && seconds >= longest) stop(recorder.current)
  }, [seconds])
  if (!('MediaRecorder' in window) || !navigator.mediaDevices) return null
  const begin = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null)
    setDenied(!stream)
    if (!stream) return
    const type = ['audio/webm;codecs=opus', 'audio/mp4'].find((x) => MediaRecorder.isTypeSupported(x))
    const made = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 24_000 })
    const parts: Blob[] = []
    made.ondataavailable = (e) => parts.push(e.data)
    made.onstop = () => {
      for (const track of stream.getTracks()) track.stop()
      setSeconds(undefined)
      onChange(new Blob(parts, { type: made.mimeType }))
    }
    recorder.current = made
    made.start(1_000)
    setSeconds(0)
  }
  return (
    <div className="stack" data-gap="1">
      {running ? (
        <Button kind="danger" large wide icon="mic" onPress={() => stop(recorder.current)}>{t('kit:voice.stop', { time: minutes(seconds) })}</Button>
      ) : sound ? (
        <div className="row" data-gap="1">
          <Heard sound={sound} />
          <Button icon="cross" aria-label={t('kit:voice.discard')} onPress={() => onChange(undefined)} />
        </div>
      ) : (
        <Button large wide icon="mic" onPress={() => void begin()}>{t('kit:voice.speak')}</Button>
      )}
      {denied && <p className="problem" role="alert"><Icon name="warning" /> {t('kit:voice.denied')}</p>}
    </div>
  )
}

function stop(recorder: MediaRecorder | null) {
  if (recorder && recorder.state !== 'inactive') recorder.stop()
}

/** Heard plays what was recorded. */
function Heard({ sound }: { sound: Blob }) {
  const player = useRef<HTMLAudioElement>(null)
  useEffect(() => {
    const url = URL.createObjectURL(sound)
    if (player.current) player.current.src = url
    return () => URL.revokeObjectURL(url)
  }, [sound])
  return <audio ref={player} controls style={{ flex: 1, minWidth: '12rem' }}><track kind="captions" /></audio>
}
