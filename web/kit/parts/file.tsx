import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FileTrigger } from 'react-aria-components'
import { fileOf, type SentFile } from '../files'
import { Button } from './controls'
import { Icon } from './icons'

/** FileField takes one file or photo; a photo that is too large is made smaller by itself. */
export function FileField({ label, accept, file, onChange }: { label: string; accept: string; file?: SentFile; onChange: (file: SentFile | undefined) => void }) {
  const { t } = useTranslation()
  const [problem, setProblem] = useState(false)
  const take = async (list: FileList | null) => {
    const chosen = list?.[0]
    if (!chosen) return
    const read = await fileOf(chosen).catch(() => null)
    setProblem(!read)
    onChange(read ?? undefined)
  }
  return (
    <div className="field" role="group" aria-label={label}>
      <span className="label" aria-hidden="true">{label}</span>
      <div className="row" data-gap="1">
        <FileTrigger acceptedFileTypes={accept.split(',')} onSelect={(list) => void take(list)}>
          <Button icon="camera">{file ? t('kit:file.other') : t('kit:file.choose')}</Button>
        </FileTrigger>
        {file && <span className="badge" data-tone="field"><Icon name="check" />{file.name}</span>}
      </div>
      {problem && <span className="problem" role="alert">{t('kit:file.tooLarge')}</span>}
    </div>
  )
}
