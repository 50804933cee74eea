import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FileTrigger } from 'react-aria-components'
import { smaller } from '../files'
import { madeId } from '../ids'
import { useDraft } from '../outbox/drafts'
import { submit } from '../outbox/outbox'
import { Button, Choices, TextField } from '../parts/controls'
import { Sheet } from '../parts/sheet'
import { tell } from '../parts/toasts'
import { SendVoice } from './operations'
import { Recorder } from './recorder'

/** The kinds of voices, in the order they are offered. */
export const kinds = ['SUGGESTION', 'PROBLEM', 'QUESTION', 'PRAISE', 'FEEDBACK'] as const
type Kind = (typeof kinds)[number]

const most = 6

type Draft = { kind: Kind; text: string; photos: Blob[]; sound?: Blob }
const empty: Draft = { kind: 'SUGGESTION', text: '', photos: [] }

/** VoiceSheet takes what somebody has to say, in words, photos or speech; what was begun is there again the next time. */
export function VoiceSheet({ screen, about, onClose }: { screen: string; about?: { customerId?: string; contractId?: string }; onClose: () => void }) {
  const { t } = useTranslation()
  const { value: draft, ready, change, drop } = useDraft<Draft>('voice', 'voice', empty)
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const says = draft.text.trim() !== '' || draft.photos.length > 0 || draft.sound
  const send = async () => {
    setBusy(true)
    const to = '/files/voices'
    const files = [...draft.photos.map((blob) => ({ to, field: 'photoSha256s', many: true, blob })), ...(draft.sound ? [{ to, field: 'audioSha256', blob: draft.sound }] : [])]
    const id = madeId('voi')
    const input = { id, kind: draft.kind, text: draft.text.trim() || undefined, screen, ...about, occurredAt: new Date().toISOString() }
    const outcome = await submit(SendVoice, input, { chain: id, label: 'outbox.voice', subject: draft.text.trim().slice(0, 40) || t(`kit:voice.kind.${draft.kind}`), files })
    setBusy(false)
    if (outcome.state === 'refused' || outcome.state === 'conflict') return setProblem(outcome.problems[0]?.message)
    await drop()
    tell(outcome.state === 'sent' ? t('kit:voice.sent') : t('kit:voice.kept'))
    onClose()
  }
  const add = async (list: FileList | null) => {
    const taken = await Promise.all([...(list ?? [])].slice(0, most - draft.photos.length).map((f) => smaller(f)))
    change({ photos: [...draft.photos, ...taken.filter((b) => b !== null)] })
  }
  return (
    <Sheet open onClose={onClose} title={t('kit:voice.title')}>
      {ready && (
        <>
          <Choices label={t('kit:voice.what')} column="5.5rem" chosen={[draft.kind]} onChange={([kind]) => kind && change({ kind })} choices={kinds.map((key) => ({ key, label: t(`kit:voice.kind.${key}`) }))} />
          <TextField label={t('kit:voice.words')} value={draft.text} onChange={(text) => change({ text })} rows={4} problem={problem} />
          <Recorder sound={draft.sound} onChange={(sound) => change({ sound })} />
          <div className="row" data-gap="1">
            <FileTrigger acceptedFileTypes={['image/*']} allowsMultiple onSelect={(list) => void add(list)}>
              <Button icon="camera" isDisabled={draft.photos.length >= most}>{t('kit:voice.photo')}</Button>
            </FileTrigger>
            {draft.photos.length > 0 && (
              <>
                <span className="badge" data-tone="field">{t('kit:voice.photos', { photos: draft.photos.length })}</span>
                <Button kind="quiet" onPress={() => change({ photos: [] })}>{t('kit:voice.discard')}</Button>
              </>
            )}
          </div>
          <Button kind="primary" large wide isDisabled={!says || busy} onPress={() => void send()}>{t('kit:voice.send')}</Button>
        </>
      )}
    </Sheet>
  )
}
