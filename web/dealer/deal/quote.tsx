import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { language } from '@kit/i18n'
import { manwon, percent, won } from '@kit/i18n/format'
import { enqueue } from '@kit/outbox/outbox'
import { madeId } from '@kit/ids'
import { Choices, NumberField, SelectField, TextField } from '@kit/parts/controls'
import { Failed, Loading } from '@kit/parts/states'
import { IssueQuote, ReviseQuote } from './acts'
import { Band, Machines, Programmes, type MachineOffer, type Programme } from './catalogue'
import { type Deal, listTotal, monthly, type Offer, withinBand } from './draft'
import { fits } from './fit'
import { Onward, StepFrame, type StepProps } from './frame'
import { say } from './machines'
import styles from './deal.module.css'

/** QuoteStep makes the offer: options, why it is worth it, the discount with its consequence, the old machine, the monthly sum. */
export function QuoteStep(step: StepProps) {
  const [{ data, fetching, error }] = useQuery({ query: Machines })
  const product = data?.products.find((p) => p.id === step.deal.offer?.productId)
  if (!product || !step.deal.offer) return fetching ? <Loading /> : <Failed error={error} />
  return <Maker {...step} product={product} offer={step.deal.offer} />
}

function Maker({ id, deal, change, go, product, offer }: StepProps & { product: MachineOffer; offer: Offer }) {
  const { t } = useTranslation()
  const [{ data: seller }] = useQuery({ query: Band })
  const [{ data: money }] = useQuery({ query: Programmes })
  const set = (part: Partial<Offer>) => change({ offer: { ...offer, ...part } })
  const total = listTotal(product, offer.optionIds)
  const band = seller?.viewer?.dealer?.region.discountBandBp ?? 0
  const due = Math.max(0, total - offer.discount - offer.tradeInAmount)
  const programmes = money?.financeProgrammes ?? []
  const points = valuePoints(product, deal, offer, t)
  const onward = async () => {
    const at = new Date().toISOString()
    const quoteId = madeId('quo')
    const about = { chain: id, label: deal.quoteId ? 'outbox.quoteRevision' : 'outbox.quote', subject: deal.customerName, at }
    const said = {
      id: quoteId, lines: [{ productId: product.id, optionIds: offer.optionIds }], discount: offer.discount, valuePoints: offer.valuePoints, delivery: offer.delivery, occurredAt: at,
      tradeIn: offer.tradeInAmount > 0 ? { description: offer.tradeInWhat || t('deal.quote.oldMachine'), amount: offer.tradeInAmount } : undefined,
      finance: offer.programmeId ? { programmeId: offer.programmeId, months: offer.months, downPayment: offer.downPayment } : undefined,
    }
    // A quote that lies on the device has been told to nobody: its revision follows it in the same chain.
    if (deal.quoteId) await enqueue(ReviseQuote, { ...said, quoteId: deal.quoteId, expectedVersion: deal.quoteVersion }, about)
    else await enqueue(IssueQuote, { ...said, consultationId: id }, about)
    change({ quoteId, quoteVersion: 1, quotedAt: at, paper: null, read: false, agreed: [] })
    go('offer')
  }
  return (
    <StepFrame id={id} step="quote" deal={deal} title={t('deal.quote.title', { name: product.name })} act={<Onward off={due <= 0} onPress={() => void onward()}>{t('deal.quote.act', { total: manwon(due) })}</Onward>}>
      <Choices
        label={t('deal.quote.options')} many column="14rem" chosen={offer.optionIds} onChange={(optionIds) => set({ optionIds })}
        choices={product.options.map((o) => ({ key: o.id, label: language() === 'ko' ? o.name : o.nameEn, note: `+${manwon(o.price)}` }))}
      />
      <Choices label={t('deal.quote.points')} many column="18rem" chosen={offer.valuePoints} onChange={(chosen) => set({ valuePoints: chosen.slice(0, 10) })} choices={points.map((p) => ({ key: p, label: p }))} />
      <Discount total={total} bandBp={band} discount={offer.discount} onChange={(discount) => set({ discount })} />
      <section className="stack" aria-label={t('deal.quote.tradeIn')}>
        <h2>{t('deal.quote.tradeIn')}</h2>
        <div className="grid">
          <TextField label={t('deal.quote.tradeInWhat')} value={offer.tradeInWhat} onChange={(tradeInWhat) => set({ tradeInWhat })} />
          <NumberField label={t('deal.quote.tradeInAmount')} value={offer.tradeInAmount > 0 ? offer.tradeInAmount / 10_000 : NaN} step={10} onChange={(man) => set({ tradeInAmount: Number.isNaN(man) ? 0 : Math.round(man) * 10_000 })} />
        </div>
      </section>
      <Finance programmes={programmes} offer={offer} due={due} set={set} />
      <TextField label={t('deal.quote.delivery')} value={offer.delivery} onChange={(delivery) => set({ delivery })} hint={t('deal.quote.deliveryHint')} />
      <Sums total={total} offer={offer} monthlySum={sumOf(offer, programmes, due)} />
    </StepFrame>
  )
}

/** valuePoints are why this machine suits this farm, and what was chosen before. */
function valuePoints(product: MachineOffer, deal: Deal, offer: Offer, t: (key: string, values?: Record<string, string | number>) => string): string[] {
  const found = fits([product], deal.needs)[0]?.reasons.filter((r) => r.good && r.key !== 'budget').map((r) => say(r, t)) ?? []
  const usual = ['training', 'service', 'warranty'].map((key) => t(`deal.quote.usual.${key}`))
  return [...new Set([...found, ...usual, ...offer.valuePoints])]
}

/** sumOf is the monthly sum of an offer; 0 when it is paid at once. */
export function sumOf(offer: Offer, programmes: Programme[], due: number): number {
  const programme = programmes.find((p) => p.id === offer.programmeId)
  return programme ? monthly(due - offer.downPayment, programme.rateBp, offer.months) : 0
}

/** Discount shows the discount on the region's band: what the dealer may give, and from where somebody else must say yes. */
function Discount({ total, bandBp, discount, onChange }: { total: number; bandBp: number; discount: number; onChange: (discount: number) => void }) {
  const { t } = useTranslation()
  const step = 100_000
  const within = withinBand(discount, total, bandBp)
  const most = Math.floor((total * bandBp) / 10_000)
  const end = Math.max(step, most * 2)
  const say = (within ? t('deal.quote.within', { most: manwon(most), band: percent(bandBp) }) : t('deal.quote.beyond', { over: manwon(discount - most) }))
  return (
    <section className={styles.band} aria-label={t('deal.quote.discount')}>
      <div className="row" data-apart="">
        <h2>{t('deal.quote.discount')}</h2>
        <strong className="large">{discount > 0 ? `${manwon(discount)} (${percent(Math.round((discount * 10_000) / total))})` : t('deal.quote.noDiscount')}</strong>
      </div>
      <div className={styles.scale} aria-hidden="true">
        <span data-zone="in">{t('deal.quote.zoneIn', { band: percent(bandBp) })}</span>
        <span data-zone="out">{t('deal.quote.zoneOut')}</span>
        <i className={styles.mark} style={{ insetInlineStart: `${Math.min(100, (discount / end) * 100)}%` }} />
      </div>
      <input type="range" className={styles.range} min={0} max={end} step={step} value={Math.min(discount, end)} aria-label={t('deal.quote.discount')} aria-valuetext={`${manwon(discount)}. ${say}`} onChange={(e) => onChange(Number(e.target.value))} />
      <p className="card" data-tone={within ? 'field' : 'amber'} role="status" style={{ padding: 'var(--s2)' }}>{say}</p>
    </section>
  )
}

function Finance({ programmes, offer, due, set }: { programmes: Programme[]; offer: Offer; due: number; set: (part: Partial<Offer>) => void }) {
  const { t } = useTranslation()
  const chosen = programmes.find((p) => p.id === offer.programmeId)
  const least = chosen ? Math.ceil((due * (10_000 - chosen.maxShareBp)) / 10_000 / 10_000) * 10_000 : 0
  const choose = (key: string) => {
    const p = programmes.find((x) => x.id === key)
    if (!p) return set({ programmeId: '', months: 0, downPayment: 0 })
    set({ programmeId: p.id, months: p.termMonths.includes(offer.months) ? offer.months : (p.termMonths.at(-1) ?? 0), downPayment: Math.ceil((due * (10_000 - p.maxShareBp)) / 10_000 / 10_000) * 10_000 })
  }
  return (
    <section className="stack" aria-label={t('deal.quote.finance')}>
      <h2>{t('deal.quote.finance')}</h2>
      <SelectField label={t('deal.quote.programme')} value={offer.programmeId} onChange={choose} empty={t('deal.quote.atOnce')} options={programmes.map((p) => ({ key: p.id, label: `${p.name} · ${p.lenderName} · ${percent(p.rateBp)}` }))} />
      {chosen && (
        <>
          <Choices
            label={t('deal.quote.months')} column="11rem" chosen={[String(offer.months)]} onChange={([months]) => months && set({ months: Number(months) })}
            choices={chosen.termMonths.map((m) => ({ key: String(m), label: t('deal.quote.monthsOf', { months: m }), note: manwon(monthly(due - offer.downPayment, chosen.rateBp, m)) }))}
          />
          <NumberField
            label={t('deal.quote.down')} value={offer.downPayment / 10_000} step={10} hint={t('deal.quote.downHint', { least: manwon(least) })} problem={offer.downPayment < least ? t('deal.quote.downHint', { least: manwon(least) }) : undefined}
            onChange={(man) => set({ downPayment: Number.isNaN(man) ? 0 : Math.round(man) * 10_000 })}
          />
        </>
      )}
    </section>
  )
}

/** Sums is what the customer pays and how it comes about. */
export function Sums({ total, offer, monthlySum }: { total: number; offer: Offer; monthlySum: number }) {
  const { t } = useTranslation()
  const due = Math.max(0, total - offer.discount - offer.tradeInAmount)
  return (
    <dl className={`card ${styles.sums}`}>
      <dt>{t('deal.sums.list')}</dt><dd>{won(total)}</dd>
      {offer.discount > 0 && <><dt>{t('deal.quote.discount')}</dt><dd>−{won(offer.discount)}</dd></>}
      {offer.tradeInAmount > 0 && <><dt>{t('deal.quote.tradeIn')} {offer.tradeInWhat}</dt><dd>−{won(offer.tradeInAmount)}</dd></>}
      <dt className={styles.total}>{t('deal.sums.total')}</dt><dd className={styles.total}>{won(due)}</dd>
      {monthlySum > 0 && (
        <>
          {offer.downPayment > 0 && <><dt>{t('deal.quote.down')}</dt><dd>{won(offer.downPayment)}</dd></>}
          <dt>{t('deal.sums.monthly', { months: offer.months })}</dt><dd><strong>{won(monthlySum)}</strong></dd>
        </>
      )}
    </dl>
  )
}
