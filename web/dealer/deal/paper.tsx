import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { language } from '@kit/i18n'
import { manwon, won } from '@kit/i18n/format'
import { submit } from '@kit/outbox/outbox'
import { Button, TextField } from '@kit/parts/controls'
import { Icon } from '@kit/parts/icons'
import { ReadAloud } from '@kit/parts/readaloud'
import { Empty, Failed, Loading, Shown } from '@kit/parts/states'
import { ConsentTexts } from '../customers/operations'
import { SignContract } from './acts'
import { Band, Customer, Machines, Programmes } from './catalogue'
import { listTotal } from './draft'
import { Onward, StepFrame, type StepProps } from './frame'
import { usePaper } from './pdf'
import { Sums, sumOf } from './quote'
import { type Drawing, Pad } from './pad'
import styles from './deal.module.css'

/** ContractStep has the contract read: in plain words, aloud, and as the paper itself. */
export function ContractStep({ id, deal, change, go }: StepProps) {
  const { t } = useTranslation()
  const pdf = usePaper(id)
  const [{ data: goods }] = useQuery({ query: Machines })
  const [{ data: money }] = useQuery({ query: Programmes })
  const [{ data: seller }] = useQuery({ query: Band })
  const { offer, paper } = deal
  if (!paper) return <Empty title={t('deal.contract.none')} action={<Button kind="primary" large onPress={() => go('offer')}>{t('deal.contract.toOffer')}</Button>} />
  const product = goods?.products.find((p) => p.id === offer?.productId)
  const total = product && offer ? listTotal(product, offer.optionIds) : 0
  const monthlySum = offer ? sumOf(offer, money?.financeProgrammes ?? [], paper.total) : 0
  const options = product && offer ? product.options.filter((o) => offer.optionIds.includes(o.id)).map((o) => (language() === 'ko' ? o.name : o.nameEn)) : []
  const aloud = [
    t('deal.contract.aloud', { seller: seller?.viewer?.dealer?.name ?? '', buyer: deal.customerName, machine: product?.name ?? '', total: manwon(paper.total) }),
    options.length > 0 ? t('deal.contract.aloudOptions', { options: options.join(', ') }) : '', monthlySum > 0 ? t('deal.contract.aloudMonthly', { months: offer?.months, sum: manwon(monthlySum) }) : '', offer?.delivery ?? '',
  ].filter(Boolean).join(' ')
  return (
    <StepFrame id={id} step="contract" deal={deal} title={t('deal.contract.title', { number: paper.number })} lead={t('deal.contract.lead')} act={<Onward off={!deal.read} onPress={() => go('consents')}>{t('deal.contract.act')}</Onward>}>
      <section className="card stack">
        <div className="row" data-apart=""><h2>{product?.name ?? paper.number}</h2><ReadAloud text={aloud} /></div>
        <p>{aloud}</p>
      </section>
      {product && offer && <Sums total={total} offer={offer} monthlySum={monthlySum} />}
      {pdf === undefined ? (
        <Loading lines={1} />
      ) : pdf === null ? (
        <Missing retry={() => { change({ paper: null }); go('offer') }} />
      ) : (
        <a className="button" data-large="" href={pdf} target="_blank" rel="noreferrer" onClick={() => change({ read: true })}><Icon name="deal" />{t('deal.contract.open')}</a>
      )}
      <Button large wide kind={deal.read ? 'quiet' : 'plain'} icon="check" isDisabled={deal.read || !pdf} onPress={() => change({ read: true })}>{deal.read ? t('deal.contract.isRead') : t('deal.contract.markRead')}</Button>
      <p className="soft small">{t('deal.contract.print', { sha: paper.sha256.slice(0, 12) })}</p>
    </StepFrame>
  )
}

function Missing({ retry }: { retry: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="card stack" data-tone="amber">
      <p>{t('deal.contract.missing')}</p>
      <Button onPress={retry}>{t('kit:failed.retry')}</Button>
    </div>
  )
}

/** ConsentsStep asks for each consent by itself; the contract's own terms must be among them. */
export function ConsentsStep({ id, deal, change, go }: StepProps) {
  const { t } = useTranslation()
  const [result, retry] = useQuery({ query: ConsentTexts })
  const [{ data: known }] = useQuery({ query: Customer, variables: { id: deal.customer?.id ?? '' }, pause: !deal.customer })
  const heldMarketing = known?.customer?.consents.some((c) => c.purpose === 'MARKETING')
  return (
    <Shown result={result} retry={retry}>
      {({ consentTexts }) => {
        const asked = consentTexts.filter((x) => x.purpose === 'CONTRACT' || (x.purpose === 'MARKETING' && !heldMarketing))
        const terms = asked.find((x) => x.purpose === 'CONTRACT')
        return (
          <StepFrame id={id} step="consents" deal={deal} title={t('deal.consents.title')} lead={t('deal.consents.lead')} act={<Onward off={!terms || !deal.agreed.includes(terms.id)} onPress={() => go('sign')}>{t('deal.consents.act')}</Onward>}>
            {asked.map((x) => {
              const yes = deal.agreed.includes(x.id)
              return (
                <section key={x.id} className="card stack" data-tone={yes ? 'field' : undefined}>
                  <div className="row" data-apart="">
                    <h2>{x.title} <span className="badge" data-tone={x.purpose === 'CONTRACT' ? 'brick' : undefined}>{x.purpose === 'CONTRACT' ? t('deal.consents.must') : t('deal.consents.may')}</span></h2>
                    <ReadAloud text={x.body} />
                  </div>
                  <p className={styles.words}>{x.body}</p>
                  <Button large icon={yes ? 'check' : undefined} aria-pressed={yes} onPress={() => change({ agreed: yes ? deal.agreed.filter((a) => a !== x.id) : [...deal.agreed, x.id] })}>{yes ? t('deal.agreed') : t('deal.agree')}</Button>
                </section>
              )
            })}
          </StepFrame>
        )
      }}
    </Shown>
  )
}

/** SignStep takes the signature by finger and signs, with or without a network. */
export function SignStep({ id, deal, change, go }: StepProps) {
  const { t } = useTranslation()
  const [drawing, setDrawing] = useState<Drawing | null>(null)
  const [name, setName] = useState(deal.customerName)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const alive = useRef(true)
  useEffect(() => {
    alive.current = true
    return () => { alive.current = false }
  }, [])
  const paper = deal.paper
  if (!paper) return <Failed />
  const sign = async () => {
    if (!drawing || busy) return
    setBusy(true)
    setProblem('')
    const at = new Date().toISOString()
    const outcome = await submit(
      SignContract,
      { contractId: paper.contractId, expectedVersion: paper.version, readSha256: paper.sha256, consentTextIds: deal.agreed, signature: { ...drawing, signerName: name.trim() }, occurredAt: at },
      { chain: id, label: 'outbox.signature', subject: deal.customerName, at },
    )
    if (!alive.current) return
    setBusy(false)
    if (outcome.state === 'refused' || outcome.state === 'conflict') return setProblem(outcome.problems[0]?.message ?? '')
    change({ signedAt: at })
    go('done')
  }
  return (
    <StepFrame
      id={id} step="sign" deal={deal} title={t('deal.sign.title')} lead={t('deal.sign.lead', { total: won(paper.total) })}
      act={<Onward off={!drawing || name.trim() === '' || busy} onPress={() => void sign()}>{busy ? t('deal.sign.busy') : t('deal.sign.act')}</Onward>}
    >
      <TextField label={t('deal.sign.name')} value={name} onChange={setName} required />
      <Pad label={t('deal.sign.pad')} clear={t('deal.sign.clear')} onDraw={setDrawing} />
      <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
    </StepFrame>
  )
}
