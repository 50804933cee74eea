import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { useDraft } from '@kit/outbox/drafts'
import { items, submit } from '@kit/outbox/outbox'
import { Button } from '@kit/parts/controls'
import { Loading, Shown } from '@kit/parts/states'
import { tell } from '@kit/parts/toasts'
import { useStore } from '@kit/store'
import { Editor } from './editor'
import { changesOf, type CustomerForm, formOf, type Known } from './form'
import { CustomerQuery, UpdateCustomer } from './operations'
import { pendingEdits, withEdits } from './pending'
import styles from './customers.module.css'

/** EditCustomer changes what is known of a customer, with or without a network. */
export function EditCustomer() {
  const { id } = useParams({ from: '/customers/$id/edit' })
  const [result, refresh] = useQuery({ query: CustomerQuery, variables: { id } })
  const edits = pendingEdits(useStore(items), id)
  return (
    <Shown result={result} retry={() => refresh({ requestPolicy: 'network-only' })}>
      {({ customer }) => customer && <Form key={id} id={id} version={customer.version} name={customer.name} known={withEdits(customer, edits)} ahead={edits.length} />}
    </Shown>
  )
}

type Edit = { form: CustomerForm; before: CustomerForm; version: number }

function Form({ id, version, name, known, ahead }: { id: string; version: number; name: string; known: Known; ahead: number }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  // Changes that wait here go first, and each makes the version grow by one.
  const [start] = useState<Edit>(() => ({ form: formOf(known), before: formOf(known), version: version + ahead }))
  const { value, ready, change, drop } = useDraft<Edit>(`customer.${id}`, 'customer', start)
  const [problem, setProblem] = useState<{ field: string | null; message: string }>()
  if (!ready) return <Loading />
  const changes = changesOf(value.before, value.form)
  const untouched = Object.keys(changes).length === 0
  const save = async () => {
    const input = { ...changes, customerId: id, expectedVersion: value.version, occurredAt: new Date().toISOString() }
    const outcome = await submit(UpdateCustomer, input, { chain: id, label: 'outbox.customerEdit', subject: value.form.name.trim() || name })
    if (outcome.state === 'refused') return setProblem(outcome.problems[0])
    await drop()
    if (outcome.state === 'conflict') return void navigate({ to: '/outbox' })
    tell(outcome.state === 'sent' ? t('form.saved') : t('form.savedHere'))
    await navigate({ to: '/customers/$id', params: { id }, replace: true })
  }
  const leave = async () => {
    await drop()
    await navigate({ to: '/customers/$id', params: { id }, replace: true })
  }
  return (
    <div className="stack">
      <h1>{t('customers.edit', { name })}</h1>
      <Editor form={value.form} change={(part) => change({ form: { ...value.form, ...part } })} problem={problem} />
      <div role="alert">{problem && <p className="problem">{problem.message}</p>}</div>
      <div className={styles.foot}>
        <Button large onPress={() => void leave()}>{t('kit:cancel')}</Button>
        <div className="grow"><Button large wide kind="primary" isDisabled={untouched} onPress={() => void save()}>{t('kit:save')}</Button></div>
      </div>
    </div>
  )
}
