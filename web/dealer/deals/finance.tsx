import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import type { ResultOf } from '@kit/graphql'
import { day, moment, won } from '@kit/i18n/format'
import { submit } from '@kit/outbox/outbox'
import { useSent } from '@kit/outbox/sent'
import { Button, TextField } from '@kit/parts/controls'
import { FileField } from '@kit/parts/file'
import { Icon } from '@kit/parts/icons'
import { Sheet } from '@kit/parts/sheet'
import { Empty, Shown } from '@kit/parts/states'
import { tell } from '@kit/parts/toasts'
import { graphql } from '../graphql'
import { Facts } from './facts'
import { tones } from './tones'
import styles from './deals.module.css'

const Query = graphql(`
  query ApplicationPage($id: ID!) {
    financeApplication(id: $id) {
      id status version amount months approvedAmount conditions reasons decidedAt fundedAmount fundedOn submittedAt withdrawReason
      lender { id name } customer { id name } contract { id number }
      stipulations { id status title note dueOn answer fileName providedAt requestedAt }
    }
  }
`)
const Answer = graphql(`mutation AnswerStipulation($input: AnswerStipulationInput!) { answerStipulation(input: $input) { application { id version } userErrors { code field message } } }`)
const Withdraw = graphql(`mutation WithdrawApplication($input: WithdrawApplicationInput!) { withdrawApplication(input: $input) { application { id version } userErrors { code field message } } }`)

type Application = NonNullable<ResultOf<typeof Query>['financeApplication']>
type Wanted = Application['stipulations'][number]

/** FinancePage is one application: the lender's word, and the documents it wants. */
export function FinancePage() {
  const { t } = useTranslation()
  const { id } = useParams({ from: '/finance/$id' })
  const [result, refresh] = useQuery({ query: Query, variables: { id } })
  const again = () => refresh({ requestPolicy: 'network-only' })
  useSent(again)
  return (
    <Shown result={result} retry={again}>
      {({ financeApplication: a }) => (a ? <Application application={a} /> : <Empty icon="bank" title={t('deals.gone')}>{t('deals.goneHint')}</Empty>)}
    </Shown>
  )
}

function Application({ application: a }: { application: Application }) {
  const { t } = useTranslation()
  const [answering, setAnswering] = useState<Wanted>()
  const [leaving, setLeaving] = useState(false)
  const open = a.status === 'SUBMITTED' || a.status === 'APPROVED' || a.status === 'CONDITIONAL'
  return (
    <div className="stack" data-gap="3">
      <header className="stack" data-gap="1">
        <p className="soft">{t('deals.application')} · {a.lender.name}</p>
        <div className="row" data-apart="">
          <h1><Link to="/customers/$id" params={{ id: a.customer.id }}>{a.customer.name}</Link></h1>
          <span className="badge" data-tone={tones[a.status]}>{t(`kit:status.application.${a.status}`)}</span>
        </div>
      </header>
      <section className="card stack">
        <p><span className="figure">{won(a.amount)}</span> <span className="soft">{t('deals.months', { months: a.months })}</span></p>
        <Facts of={[
          [t('finance.submitted'), moment(a.submittedAt)],
          a.decidedAt !== null && [t('finance.decided'), moment(a.decidedAt!)],
          a.approvedAmount > 0 && [t('finance.approved'), won(a.approvedAmount)],
          a.conditions.length > 0 && [t('finance.conditions'), a.conditions.join(', ')],
          a.reasons.length > 0 && [t('finance.reasons'), a.reasons.join(', ')],
          a.fundedOn !== null && [t('finance.funded'), `${won(a.fundedAmount)} · ${day(`${a.fundedOn}T00:00:00+09:00`)}`],
          a.withdrawReason !== '' && [t('finance.withdrawn'), a.withdrawReason],
          a.contract !== null && [t('deals.contract'), <Link key="c" to="/contracts/$id" params={{ id: a.contract!.id }}>{a.contract!.number}</Link>],
        ]} />
      </section>
      <section className="stack">
        <h2>{t('finance.documents')}</h2>
        {a.stipulations.length === 0 ? <p className="soft">{t('finance.noDocuments')}</p> : (
          <ul className="list">
            {a.stipulations.map((s) => (
              <li key={s.id} className="listrow" data-plain="">
                <span>
                  <strong>{s.title}</strong>
                  <span className={styles.line}>{s.status === 'WANTED' ? [s.note, t('finance.due', { day: day(`${s.dueOn}T00:00:00+09:00`) })].filter(Boolean).join(' · ') : [s.fileName, s.answer, s.providedAt && moment(s.providedAt)].filter(Boolean).join(' · ')}</span>
                </span>
                {s.status === 'WANTED' ? <Button kind="primary" onPress={() => setAnswering(s)}>{t('finance.answer')}</Button> : <span className="badge" data-tone="field"><Icon name="check" />{t('finance.provided')}</span>}
              </li>
            ))}
          </ul>
        )}
      </section>
      {open && <div><Button kind="danger" onPress={() => setLeaving(true)}>{t('finance.withdraw')}</Button></div>}
      {answering && <HandIn application={a} wanted={answering} onClose={() => setAnswering(undefined)} />}
      {leaving && <Leave application={a} onClose={() => setLeaving(false)} />}
    </div>
  )
}

/** HandIn answers one wanted document with words, a photo or a file; it waits on the device without a network. */
function HandIn({ application: a, wanted, onClose }: { application: Application; wanted: Wanted; onClose: () => void }) {
  const { t } = useTranslation()
  const [answer, setAnswer] = useState('')
  const [file, setFile] = useState<{ name: string; content: string }>()
  const [problem, setProblem] = useState<string>()
  const handIn = async () => {
    const input = { stipulationId: wanted.id, answer: answer.trim() || undefined, file, occurredAt: new Date().toISOString() }
    const outcome = await submit(Answer, input, { chain: a.id, label: 'outbox.document', subject: `${a.customer.name} · ${wanted.title}` })
    if (outcome.state === 'refused' || outcome.state === 'conflict') return setProblem(outcome.problems[0]?.message)
    tell(outcome.state === 'sent' ? t('finance.sent') : t('form.savedHere'))
    onClose()
  }
  return (
    <Sheet open onClose={onClose} title={wanted.title}>
      {wanted.note && <p>{wanted.note}</p>}
      <FileField label={t('finance.file')} accept="application/pdf,image/jpeg,image/png" file={file} onChange={setFile} />
      <TextField label={t('finance.words')} value={answer} onChange={setAnswer} rows={3} />
      <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
      <Button kind="primary" large wide isDisabled={!file && answer.trim() === ''} onPress={() => void handIn()}>{t('finance.send')}</Button>
    </Sheet>
  )
}

function Leave({ application: a, onClose }: { application: Application; onClose: () => void }) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string>()
  const leave = async () => {
    const outcome = await submit(Withdraw, { applicationId: a.id, expectedVersion: a.version, reason: reason.trim(), occurredAt: new Date().toISOString() }, { chain: a.id, label: 'outbox.finance', subject: a.customer.name })
    if (outcome.state === 'refused' || outcome.state === 'conflict') return setProblem(outcome.problems[0]?.message)
    tell(outcome.state === 'sent' ? t('finance.left') : t('form.savedHere'))
    onClose()
  }
  return (
    <Sheet open onClose={onClose} title={t('finance.withdraw')} alert>
      <p>{t('finance.withdrawHint', { lender: a.lender.name })}</p>
      <TextField label={t('finance.reason')} value={reason} onChange={setReason} rows={3} required problem={problem} />
      <div className="row">
        <Button large onPress={onClose}>{t('kit:cancel')}</Button>
        <div className="grow"><Button large wide kind="danger" isDisabled={reason.trim() === ''} onPress={() => void leave()}>{t('finance.withdraw')}</Button></div>
      </div>
    </Sheet>
  )
}
