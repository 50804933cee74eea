import { CountryMap } from '@kit/map/map'
import { count } from '@kit/i18n/format'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { MyDealer } from './dealers'

/** TerritoryMap puts the dealers where they stand, each with its rank; the list beside it says the same. */
export default function TerritoryMap({ dealers }: { dealers: MyDealer[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const spots = dealers.flatMap((d) => {
    if (!d.district) return []
    const { rank, movement } = d.iq?.standing ?? { rank: null, movement: null }
    const place = rank ? t('rank.rank', { rank: count(rank) }) : t('rank.none')
    return [{ id: d.id, district: d.district.code, label: `${d.name}, ${place}`, text: rank ? String(rank) : '–', tone: (movement ?? 0) < 0 ? ('amber' as const) : ('field' as const) }]
  })
  return (
    <figure className="card stack" data-gap="1">
      <CountryMap
        label={t('dealers.map')} level="district" spots={spots} focus={[...new Set(dealers.map((d) => d.region.code))]}
        onSpot={(dealerId) => void navigate({ to: '/dealers/$dealerId', params: { dealerId } })}
      />
      <figcaption className="soft small">{t('dealers.mapHint')}</figcaption>
    </figure>
  )
}
