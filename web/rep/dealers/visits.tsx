import { moment } from '@kit/i18n/format'
import { submit } from '@kit/outbox/outbox'
import { Button, Choices, TextField } from '@kit/parts/controls'
import { Sheet } from '@kit/parts/sheet'
import { Shown } from '@kit/parts/states'
import { tell } from '@kit/parts/toasts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { graphql } from '../graphql'
import styles from './dealers.module.css'

const Query = graphql(`query Visits($dealerId: ID!) { visits(dealerId: $dealerId, first: 5) { nodes { id kind note occurredAt rep } totalCount } }`)

const Record = graphql(`
  mutation RecordVisit($input: RecordVisitInput!) {
    recordVisit(input: $input) { visit { id } userErrors { code field message } }
  }
`)

const kinds = ['IN_PERSON', 'PHONE', 'TRAINING'] as const
type Kind = (typeof kinds)[number]

/** Visits shows the last visits to a dealer and takes the next one down, offline too. */
export function Visits({ dealerId, dealerName }: { dealerId: string; dealerName: string }) {
  const { t } = useTranslation()
  const [result, retry] = useQuery({ query: Query, variables: { dealerId } })
  const [open, setOpen] = useState(false)
  const again = () => retry({ requestPolicy: 'network-only' })
  return (
    <section className="stack" data-gap="1" aria-labelledby="visits">
      <div className="row" data-apart="">
        <h2 id="visits">{t('visits.title')}</h2>
        <Button icon="pen" onPress={() => setOpen(true)}>{t('visits.note')}</Button>
      </div>
      <Shown result={result} retry={again}>
        {({ visits }) =>
          visits.nodes.length === 0 ? <p className="card soft">{t('visits.empty')}</p> : (
            <ul className="list">
              {visits.nodes.map((v) => (
                <li key={v.id} className="listrow" data-plain=""><span><strong>{t(`visits.kind.${v.kind}`)}</strong> <span className="soft small">{moment(v.occurredAt)} · {v.rep}</span>{v.note && <p className={styles.note}>{v.note}</p>}</span></li>
              ))}
            </ul>
          )
        }
      </Shown>
      <Sheet open={open} onClose={() => setOpen(false)} title={t('visits.noteAt', { dealer: dealerName })}>
        <Form dealerId={dealerId} dealerName={dealerName} done={() => { setOpen(false); again() }} />
      </Sheet>
    </section>
  )
}

function Form({ dealerId, dealerName, done }: { dealerId: string; dealerName: string; done: () => void }) {
  const { t } = useTranslation()
  const [kind, setKind] = useState<Kind>('IN_PERSON')
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const keep = async () => {
    setBusy(true)
    const outcome = await submit(Record, { dealerId, kind, note: note.trim() || undefined, occurredAt: new Date().toISOString() }, { chain: dealerId, label: 'outbox.visit', subject: dealerName })
    setBusy(false)
    if (outcome.state === 'conflict' || outcome.state === 'refused') return setProblem(outcome.problems.map((p) => p.message).join(' '))
    tell(t(outcome.state === 'queued' ? 'visits.queued' : 'visits.kept'))
    done()
  }
  return (
    <>
      <Choices label={t('visits.how')} choices={kinds.map((key) => ({ key, label: t(`visits.kind.${key}`) }))} chosen={[kind]} onChange={([k]) => k && setKind(k)} column="7rem" />
      <TextField label={t('visits.what')} value={note} onChange={setNote} rows={4} />
      <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
      <Button kind="primary" large wide isDisabled={busy} onPress={() => void keep()}>{t('save')}</Button>
    </>
  )
}
