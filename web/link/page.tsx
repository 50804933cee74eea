import { language, speak } from '@kit/i18n'
import { Icon, Mark } from '@kit/parts/icons'
import { senior } from '@kit/preferences'
import { useStore } from '@kit/store'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Contract, type Problem, Read } from './contract'
import { Enter } from './enter'
import { Face } from './face'
import { Call, Press } from './parts'
import { ask, dealer, keepDealer, open } from './way'
import styles from './link.module.css'

type State = { at: 'opening' | 'code' | 'lost' } | { at: 'in'; contract: Contract } | { at: 'shut'; problem?: Problem }

/** How long a loaded contract is shown before it is read again: its PDF's address is good for five minutes. */
const fresh = 4 * 60_000

/** Page is the whole link: the code, the contract, or why neither. */
export function Page() {
  const { i18n } = useTranslation()
  const [state, setState] = useState<State>({ at: 'opening' })
  const show = useCallback((contract: Contract) => {
    keepDealer(contract.dealerName, contract.dealerPhone)
    setState({ at: 'in', contract })
  }, [])
  const read = useCallback(async () => {
    const { data, lost, problem } = await ask(Read, {})
    if (data) return show(data.customerContract)
    // What is on the screen stays there while the network is away.
    setState((now) => (now.at === 'in' && lost ? now : lost ? { at: 'lost' } : { at: 'shut', problem }))
  }, [show])
  const start = useCallback(async () => {
    const opened = await open()
    if (opened.in) return read()
    if (opened.lost) return setState({ at: 'lost' })
    setState(opened.problem?.key === 'link.code_needed' ? { at: 'code' } : { at: 'shut', problem: opened.problem })
  }, [read])
  useEffect(() => {
    void (async () => { await start() })()
  }, [start, i18n.language])
  const inside = state.at === 'in'
  useEffect(() => {
    if (!inside) return
    const timer = setInterval(() => void read(), fresh)
    const look = () => document.visibilityState === 'visible' && void read()
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [inside, read])
  return (
    <div className={styles.page}>
      <Top />
      <main id="main">
        {state.at === 'opening' && <Opening />}
        {state.at === 'code' && <Enter onIn={() => void read()} onShut={(problem) => setState({ at: 'shut', problem })} />}
        {state.at === 'in' && <Face contract={state.contract} onChange={show} onStale={() => void read()} />}
        {state.at === 'lost' && <Lost again={() => { setState({ at: 'opening' }); void start() }} />}
        {state.at === 'shut' && <Shut problem={state.problem} />}
      </main>
    </div>
  )
}

function Top() {
  const { t } = useTranslation()
  const large = useStore(senior)
  return (
    <header className={styles.top} data-noprint="">
      <span className="mark"><Mark /> <span className="hidden">Dure</span></span>
      <span className="grow" />
      <Press kind="quiet" aria-pressed={large} onClick={() => senior.set(!large)}>{t(large ? 'smaller' : 'larger')}</Press>
      <Press kind="quiet" lang={language() === 'ko' ? 'en' : 'ko'} onClick={() => void speak(language() === 'ko' ? 'en' : 'ko')}>{language() === 'ko' ? 'English' : '한국어'}</Press>
    </header>
  )
}

function Opening() {
  const { t } = useTranslation()
  return (
    <div className="stack" role="status" aria-label={t('loading')}>
      {['3rem', '9rem', '12rem'].map((height) => <div key={height} className="shape" style={{ height }} />)}
    </div>
  )
}

function Lost({ again }: { again: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="state" role="alert">
      <Icon name="offline" />
      <h1>{t('lost.title')}</h1>
      <p>{t('lost.hint')}</p>
      <Press kind="primary" large onClick={again}>{t('lost.again')}</Press>
    </div>
  )
}

/** Shut says in kind words why the link opens nothing, and whom to call. */
function Shut({ problem }: { problem?: Problem }) {
  const { t } = useTranslation()
  const known = dealer()
  const other = problem?.key === 'link.other_browser'
  return (
    <div className="state" role="alert">
      <Icon name="warning" />
      <h1>{t(other ? 'shut.otherTitle' : 'shut.title')}</h1>
      <p>{problem?.message || t('shut.hint')}</p>
      {known ? <Call {...known} kind="primary" /> : <p>{t('shut.call')}</p>}
    </div>
  )
}
