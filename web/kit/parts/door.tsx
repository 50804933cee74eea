import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { language, speak } from '../i18n'
import { type Refusal, signIn } from '../session'
import { Button, TextField } from './controls'
import { Mark } from './icons'
import { OfflineStrip } from './strips'

/** The apps by persona: where somebody belongs who came to the wrong door. */
const doors: Record<string, string> = { DEALER: '/dealer/', REP: '/rep/', HQ: '/hq/' }

/** Door is where people sign in. It tells somebody of another persona where theirs is. */
export function Door({ title, lead }: { title: string; lead: string }) {
  const { t } = useTranslation()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const enter = async (e: FormEvent) => {
    e.preventDefault()
    setBusy(true)
    setRefusal(await signIn(login.trim(), password))
    setBusy(false)
  }
  return (
    <>
      <OfflineStrip />
      <main className="door">
        <div className="row" data-apart="">
          <span className="mark"><Mark /> Dure</span>
          <Button kind="quiet" onPress={() => void speak(language() === 'ko' ? 'en' : 'ko')}>{language() === 'ko' ? 'English' : '한국어'}</Button>
        </div>
        <div className="stack" data-gap="1">
          <h1>{title}</h1>
          <p className="soft">{lead}</p>
        </div>
        <form className="stack" onSubmit={(e) => void enter(e)}>
          <TextField label={t('kit:door.login')} value={login} onChange={setLogin} type="email" inputMode="email" autoComplete="username" name="login" required />
          <TextField label={t('kit:door.password')} value={password} onChange={setPassword} type="password" autoComplete="current-password" name="password" required />
          <div role="alert">
            {refusal && (
              <p className="card" data-tone={refusal.persona ? 'amber' : 'brick'}>
                {refusal.persona ? t('kit:door.otherApp') : refusal.lost ? t('kit:door.lost') : (refusal.message ?? t('kit:door.refused'))}{' '}
                {refusal.persona && doors[refusal.persona] && <a href={doors[refusal.persona]}>{t('kit:door.goThere')}</a>}
              </p>
            )}
          </div>
          <Button kind="primary" type="submit" large wide isDisabled={busy}>{busy ? t('kit:door.busy') : t('kit:door.enter')}</Button>
        </form>
        <p className="small"><a href="/oauth/forgot">{t('kit:door.forgot')}</a></p>
      </main>
    </>
  )
}
