import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { cropName } from '@kit/farm'
import { area, phone } from '@kit/i18n/format'
import type { Item } from '@kit/outbox/item'
import { again, drop } from '@kit/outbox/outbox'
import { Button, Choices } from '@kit/parts/controls'
import { Shown } from '@kit/parts/states'
import { chosen, type Difference, differences } from './merge'
import { CustomerQuery, Regions } from './operations'

/** CustomerConflict shows both versions of a customer side by side; the person chooses, line by line, which one stays. */
export function CustomerConflict({ item }: { item: Item }) {
  const [result, refresh] = useQuery({ query: CustomerQuery, variables: { id: String(item.variables.input.customerId) }, requestPolicy: 'network-only' })
  return (
    <Shown result={result} retry={() => refresh({ requestPolicy: 'network-only' })}>
      {({ customer }) => customer && <Decision key={customer.version} item={item} theirs={{ ...customer, regionCode: customer.region.code, districtCode: customer.district?.code ?? '' }} version={customer.version} />}
    </Shown>
  )
}

function Decision({ item, theirs, version }: { item: Item; theirs: Record<string, unknown>; version: number }) {
  const { t } = useTranslation()
  const lines = differences(item.variables.input, theirs)
  const [kept, setKept] = useState<Record<string, 'mine' | 'theirs'>>({})
  const keepsMine = (field: string) => (kept[field] ?? 'mine') === 'mine' && lines.some((l) => l.field === field)
  const show = useShown()
  const settle = async () => {
    if (!lines.some((l) => keepsMine(l.field))) return drop(item.key)
    const { customerId, ...mine } = item.variables.input
    await again(item.key, { ...chosen(mine, keepsMine), customerId, occurredAt: item.at, expectedVersion: version })
  }
  return (
    <div className="stack">
      <p>{lines.length === 0 ? t('conflict.same') : t('conflict.lead')}</p>
      {lines.map((l) => (
        <Choices
          key={l.field} label={t(`conflict.fields.${l.field.replace('farm.', '')}`, { defaultValue: l.field })} column="12rem" chosen={[kept[l.field] ?? 'mine']} onChange={([k]) => k && setKept({ ...kept, [l.field]: k })}
          choices={[{ key: 'mine', label: t('conflict.mine'), note: show(l, l.mine) }, { key: 'theirs', label: t('conflict.theirs'), note: show(l, l.theirs) }]}
        />
      ))}
      <Button kind="primary" large wide onPress={() => void settle()}>{lines.length === 0 ? t('conflict.done') : t('conflict.settle')}</Button>
    </div>
  )
}

/** useShown writes a value of either version as people read it. */
function useShown(): (line: Difference, value: unknown) => string {
  const { t } = useTranslation()
  const [{ data }] = useQuery({ query: Regions, requestPolicy: 'cache-first' })
  return ({ field }, value) => {
    if (value === null || value === undefined || value === '' || value === 0 || (Array.isArray(value) && value.length === 0)) return t('conflict.empty')
    switch (field) {
      case 'phone':
        return phone(String(value))
      case 'regionCode':
        return data?.regions.find((r) => r.code === value)?.name ?? String(value)
      case 'districtCode':
        return data?.regions.flatMap((r) => r.districts).find((d) => d.code === value)?.name ?? String(value)
      case 'farm.crops':
        return (value as string[]).map(cropName).join(', ')
      case 'farm.attachments':
        return (value as string[]).join(', ')
      case 'farm.terrain':
        return t(`kit:terrain.${String(value)}`)
      case 'farm.household':
        return t(`kit:household.${String(value)}`)
      case 'farm.parcels':
        return (value as { name?: string; squareMetres: number; crop?: string }[]).map((p) => [p.name, area(p.squareMetres), p.crop && cropName(p.crop)].filter(Boolean).join(' ')).join(', ')
      case 'farm.machines':
        return (value as { maker?: string; model: string; year?: number; serialNumber?: string }[]).map((m) => [m.maker, m.model, m.year || '', m.serialNumber].filter(Boolean).join(' ')).join(', ')
      default:
        return String(value)
    }
  }
}
