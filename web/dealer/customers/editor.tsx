import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { attachments, crops, cropName, households, terrains } from '@kit/farm'
import { language } from '@kit/i18n'
import { area } from '@kit/i18n/format'
import { squareMetresOf } from '@kit/farm'
import { Button, Choices, NumberField, SelectField, TextField } from '@kit/parts/controls'
import { type CustomerForm, emptyMachine, emptyParcel, filledOf, type MachineForm, type ParcelForm } from './form'
import { Regions } from './operations'
import styles from './customers.module.css'

type Change = (part: Partial<CustomerForm>) => void

/** Editor is everything that can be typed of a customer, in cards that can each be left empty. */
export function Editor({ form, change, fresh, problem }: { form: CustomerForm; change: Change; fresh?: boolean; problem?: { field: string | null; message: string } }) {
  const of = (field: string) => (problem?.field === field ? problem.message : undefined)
  return (
    <div className="stack">
      <Person form={form} change={change} fresh={fresh} problemOf={of} />
      <Farm form={form} change={change} />
      <Machines form={form} change={change} />
    </div>
  )
}

function Person({ form, change, fresh, problemOf }: { form: CustomerForm; change: Change; fresh?: boolean; problemOf: (field: string) => string | undefined }) {
  const { t } = useTranslation()
  const [{ data }] = useQuery({ query: Regions, requestPolicy: 'cache-first' })
  const districts = data?.regions.find((r) => r.code === form.regionCode)?.districts ?? []
  return (
    <section className={`card ${styles.part}`}>
      <h2>{t('form.person')}</h2>
      <div className="grid" style={{ '--column': '16rem' } as React.CSSProperties}>
        <TextField label={t('form.name')} name="name" value={form.name} onChange={(name) => change({ name })} required problem={problemOf('name')} autoComplete="off" />
        <TextField label={t('form.phone')} name="phone" value={form.phone} onChange={(v) => change({ phone: v })} type="tel" inputMode="tel" problem={problemOf('phone')} autoComplete="off" />
      </div>
      {fresh && (
        <Choices label={t('form.kind')} chosen={[form.kind]} onChange={([kind]) => kind && change({ kind })} choices={[{ key: 'PERSON', label: t('form.aPerson') }, { key: 'FIRM', label: t('form.aFirm') }]} />
      )}
      <div className="grid" style={{ '--column': '14rem' } as React.CSSProperties}>
        <SelectField label={t('form.region')} value={form.regionCode} empty={t('form.ourRegion')} onChange={(regionCode) => change({ regionCode, districtCode: '' })} options={(data?.regions ?? []).map((r) => ({ key: r.code, label: language() === 'ko' ? r.name : r.nameEn }))} />
        {districts.length > 0 && <SelectField label={t('form.district')} value={form.districtCode} empty={t('kit:unknown')} onChange={(districtCode) => change({ districtCode })} options={districts.map((d) => ({ key: d.code, label: d.name }))} />}
        <TextField label={t('form.address')} value={form.address} onChange={(address) => change({ address })} problem={problemOf('address')} autoComplete="off" />
        <TextField label={t('form.mail')} value={form.mail} onChange={(mail) => change({ mail })} type="email" inputMode="email" problem={problemOf('mail')} autoComplete="off" />
        <Year label={t('form.birthYear')} value={form.birthYear} onChange={(birthYear) => change({ birthYear })} />
      </div>
    </section>
  )
}

/** Year is a number that is written without separators. */
function Year({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) {
  const digits = Number.isNaN(value) ? '' : String(value)
  return <TextField label={label} value={digits} inputMode="numeric" onChange={(v) => onChange(v.replace(/\D/g, '') === '' ? NaN : Number(v.replace(/\D/g, '').slice(0, 4)))} />
}

function Farm({ form, change }: { form: CustomerForm; change: Change }) {
  const { t } = useTranslation()
  const filled = filledOf(form)
  const parcel = (i: number, part: Partial<ParcelForm>) => change({ parcels: form.parcels.map((p, j) => (j === i ? { ...p, ...part } : p)) })
  const others = form.attachments.filter((a) => !(attachments as readonly string[]).includes(a))
  return (
    <section className={`card ${styles.part}`}>
      <div className="row" data-apart="">
        <h2>{t('form.farm')}</h2>
        <span className="soft small">{t('form.filled', { filled })}</span>
      </div>
      <div className={styles.bar} aria-hidden="true">{Array.from({ length: 8 }, (_, i) => <i key={i} data-on={i < filled || undefined} />)}</div>
      <Choices many column="7.5rem" label={t('form.crops')} chosen={form.crops} onChange={(v) => change({ crops: v })} choices={crops.map((key) => ({ key: key as string, label: cropName(key) }))} />
      <Choices column="7.5rem" label={t('form.terrain')} chosen={form.terrain ? [form.terrain] : []} onChange={([terrain]) => change({ terrain: terrain ?? '' })} choices={terrains.map((key) => ({ key: key as string, label: t(`kit:terrain.${key}`) }))} />
      <h3>{t('form.parcels')}</h3>
      {form.parcels.map((p, i) => <Parcel key={i} parcel={p} change={(part) => parcel(i, part)} remove={() => change({ parcels: form.parcels.filter((_, j) => j !== i) })} />)}
      <Button icon="plus" onPress={() => change({ parcels: [...form.parcels, { ...emptyParcel, crop: form.crops[0] ?? '' }] })}>{t('form.addParcel')}</Button>
      <Choices many column="7.5rem" label={t('form.attachments')} chosen={form.attachments.filter((a) => !others.includes(a))} onChange={(v) => change({ attachments: [...v, ...others] })} choices={attachments.map((key) => ({ key: key as string, label: key }))} />
      <TextField label={t('form.otherAttachments')} hint={t('form.commas')} value={others.join(', ')} onChange={(v) => change({ attachments: [...form.attachments.filter((a) => !others.includes(a)), ...v.split(',').map((x) => x.trimStart()).filter((x, i, all) => x !== '' || i < all.length - 1)] })} />
      <Choices column="7.5rem" label={t('form.household')} chosen={form.household ? [form.household] : []} onChange={([household]) => change({ household: household ?? '' })} choices={households.map((key) => ({ key: key as string, label: t(`kit:household.${key}`) }))} />
      <div className="grid" style={{ '--column': '14rem' } as React.CSSProperties}>
        <NumberField label={t('form.operators')} value={form.operators} onChange={(operators) => change({ operators })} max={99} />
        <Year label={t('form.replaceYear')} value={form.replaceYear} onChange={(replaceYear) => change({ replaceYear })} />
      </div>
    </section>
  )
}

function Parcel({ parcel: p, change, remove }: { parcel: ParcelForm; change: (part: Partial<ParcelForm>) => void; remove: () => void }) {
  const { t } = useTranslation()
  const metres = p.unit === 'pyeong' ? squareMetresOf(p.area) : Math.round(p.area)
  return (
    <div className={styles.entry}>
      <TextField label={t('form.parcelName')} value={p.name} onChange={(name) => change({ name })} />
      <div className={styles.area}>
        <NumberField label={p.unit === 'pyeong' ? t('form.pyeong') : t('form.metres')} value={p.area} onChange={(v) => change({ area: v })} />
        <Button onPress={() => change(p.unit === 'pyeong' ? { unit: 'squareMetres', area: metres } : { unit: 'pyeong', area: Math.round((p.area * 121) / 400) })}>{p.unit === 'pyeong' ? '㎡' : '평'}</Button>
      </div>
      <SelectField label={t('form.crop')} value={p.crop} empty={t('kit:unknown')} onChange={(crop) => change({ crop })} options={crops.map((key) => ({ key, label: cropName(key) }))} />
      <SelectField label={t('form.terrain')} value={p.terrain} empty={t('kit:unknown')} onChange={(terrain) => change({ terrain })} options={terrains.map((key) => ({ key, label: t(`kit:terrain.${key}`) }))} />
      <div className="row" data-apart="" data-whole="">
        <span className="soft small">{metres > 0 ? area(metres) : ''}</span>
        <Button kind="quiet" icon="cross" onPress={remove}>{t('form.remove')}</Button>
      </div>
    </div>
  )
}

function Machines({ form, change }: { form: CustomerForm; change: Change }) {
  const { t } = useTranslation()
  const machine = (i: number, part: Partial<MachineForm>) => change({ machines: form.machines.map((m, j) => (j === i ? { ...m, ...part } : m)) })
  return (
    <section className={`card ${styles.part}`}>
      <h2>{t('form.machines')}</h2>
      <p className="soft">{t('form.machinesHint')}</p>
      {form.machines.map((m, i) => (
        <div key={i} className={styles.entry}>
          <TextField label={t('form.maker')} value={m.maker} onChange={(maker) => machine(i, { maker })} />
          <TextField label={t('form.model')} value={m.model} onChange={(model) => machine(i, { model })} />
          <TextField label={t('form.serial')} value={m.serialNumber} onChange={(serialNumber) => machine(i, { serialNumber })} />
          <Year label={t('form.year')} value={m.year} onChange={(year) => machine(i, { year })} />
          <NumberField label={t('form.horsepower')} value={m.horsepower} onChange={(horsepower) => machine(i, { horsepower })} max={1000} />
          <div className="row" data-apart="" data-whole=""><span /><Button kind="quiet" icon="cross" onPress={() => change({ machines: form.machines.filter((_, j) => j !== i) })}>{t('form.remove')}</Button></div>
        </div>
      ))}
      <Button icon="plus" onPress={() => change({ machines: [...form.machines, emptyMachine] })}>{t('form.addMachine')}</Button>
    </section>
  )
}
