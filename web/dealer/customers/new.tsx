import { Link, useNavigate } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Checkbox } from 'react-aria-components'
import { useQuery } from 'urql'
import { madeId } from '@kit/ids'
import { phone } from '@kit/i18n/format'
import { useDraft } from '@kit/outbox/drafts'
import { submit } from '@kit/outbox/outbox'
import { Button } from '@kit/parts/controls'
import { Icon } from '@kit/parts/icons'
import { ReadAloud } from '@kit/parts/readaloud'
import { Loading } from '@kit/parts/states'
import { tell } from '@kit/parts/toasts'
import { newDeal } from '../links'
import { Editor } from './editor'
import { createInput, type CustomerForm, emptyForm } from './form'
import { ConsentTexts, CreateCustomer, Similar } from './operations'
import styles from './customers.module.css'

/** NewCustomer adds somebody, warns when they may be there already, and keeps what was typed until it is saved. */
export function NewCustomer() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { value: form, ready, change, drop } = useDraft<CustomerForm>('customer.new', 'customer', emptyForm)
  const [{ data }] = useQuery({ query: ConsentTexts, requestPolicy: 'cache-and-network' })
  const [problem, setProblem] = useState<{ field: string | null; message: string }>()
  const words = data?.consentTexts.find((x) => x.purpose === 'PERSONAL_DATA')
  if (!ready) return <Loading />
  const save = async (thenTalk: boolean) => {
    if (form.name.trim() === '') return setProblem({ field: 'name', message: t('form.nameNeeded') })
    const id = madeId('cus')
    const outcome = await submit(CreateCustomer, { ...createInput(form, words?.id), id, occurredAt: new Date().toISOString() }, { chain: id, label: 'outbox.customer', subject: form.name.trim() })
    if (outcome.state === 'refused' || outcome.state === 'conflict') return setProblem(outcome.problems[0])
    await drop()
    tell(outcome.state === 'sent' ? t('form.saved') : t('form.savedHere'))
    await navigate({ to: thenTalk ? newDeal(id) : `/customers/${id}`, replace: true })
  }
  return (
    <div className="stack">
      <h1>{t('customers.new')}</h1>
      <Editor form={form} change={change} fresh problem={problem} />
      <AlreadyThere name={form.name} number={form.phone} districtCode={form.districtCode} />
      {words && (
        <section className={`card ${styles.part}`}>
          <div className="row" data-apart=""><h2>{words.title}</h2><ReadAloud text={words.body} /></div>
          <p className={styles.words}>{words.body}</p>
          <Checkbox className="check" isSelected={form.agreed} onChange={(agreed) => change({ agreed })}>
            <span className="box" aria-hidden="true"><Icon name="check" /></span>
            {t('consent.heAgrees')}
          </Checkbox>
        </section>
      )}
      <div role="alert">{problem && <p className="problem">{problem.message}</p>}</div>
      <div className={styles.foot}>
        <Button large onPress={() => void save(false)}>{t('kit:save')}</Button>
        <div className="grow"><Button large wide kind="primary" isDisabled={!form.agreed} onPress={() => void save(true)}>{t('form.saveAndTalk')}</Button></div>
      </div>
      {!form.agreed && <p className="soft small">{t('form.agreeFirst')}</p>}
    </div>
  )
}

/** AlreadyThere asks, while somebody is typed in, whether they are a customer already. */
function AlreadyThere({ name, number, districtCode }: { name: string; number: string; districtCode: string }) {
  const { t } = useTranslation()
  const asked = useDeferredValue(name.trim())
  const digits = useDeferredValue(number.replace(/\D/g, ''))
  const [{ data }] = useQuery({
    query: Similar, variables: { name: asked, phone: digits.length >= 9 ? digits : null, districtCode: districtCode || null }, pause: asked.length < 2, requestPolicy: 'network-only',
  })
  const found = asked.length < 2 ? [] : (data?.similarCustomers ?? [])
  return (
    <div role="status">
      {found.length > 0 && (
        <section className={`card ${styles.part}`} data-tone="amber">
          <h2>{t('similar.title')}</h2>
          <ul className="list">
            {found.map(({ customer: c, because }) => (
              <li key={c.id}>
                <Link to="/customers/$id" params={{ id: c.id }} className="listrow">
                  <span>
                    <strong>{c.name}</strong>
                    <span className={styles.line}>{[phone(c.phone), c.address, t(`similar.${because}`)].filter(Boolean).join(' · ')}</span>
                  </span>
                  <Icon name="next" />
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
