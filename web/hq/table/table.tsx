import { Icon } from '@kit/parts/icons'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sorted } from './sorted'
import styles from './table.module.css'

/** A column of a table: what it is sorted by and what it shows. */
export type Column<T> = { key: string; name: string; by: (row: T) => string | number | null; show?: (row: T) => ReactNode; width: string; number?: boolean }

/**
 * Table shows many rows, sorted by any column. Only those in sight are on the page, so
 * that ten thousand scroll as well as ten; whoever prints gets the table's download instead.
 */
export function Table<T>({ label, rows, columns, keyOf, start }: { label: string; rows: T[]; columns: Column<T>[]; keyOf: (row: T) => string; start: { key: string; down: boolean } }) {
  const { t } = useTranslation()
  const [order, setOrder] = useState(start)
  const box = useRef<HTMLDivElement>(null)
  const by = columns.find((c) => c.key === order.key) ?? columns[0]
  const shown = useMemo(() => (by ? sorted(rows, by.by, order.down) : rows), [rows, by, order.down])
  // oxlint-disable-next-line react/incompatible-library -- its functions are called in this component alone
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => box.current, estimateSize: () => 56, overscan: 8, getItemKey: (i) => keyOf(shown[i]!) })
  const grid = { gridTemplateColumns: columns.map((c) => c.width).join(' ') }
  return (
    <div ref={box} className={styles.box} role="table" aria-label={label} aria-rowcount={shown.length + 1}>
      <div className={styles.head} role="row" aria-rowindex={1} style={grid}>
        {columns.map((c) => (
          <div key={c.key} role="columnheader" aria-sort={c.key !== order.key ? 'none' : order.down ? 'descending' : 'ascending'} data-number={c.number || undefined}>
            <button type="button" title={t('table.sort')} onClick={() => setOrder({ key: c.key, down: c.key === order.key ? !order.down : Boolean(c.number) })}>
              {c.name}
              {c.key === order.key && <Icon name={order.down ? 'down' : 'up'} />}
            </button>
          </div>
        ))}
      </div>
      <div role="rowgroup" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = shown[item.index]!
          return (
            <div key={item.key} role="row" aria-rowindex={item.index + 2} className={styles.row} style={{ ...grid, transform: `translateY(${item.start}px)` }}>
              {columns.map((c) => (
                <div key={c.key} role="cell" data-number={c.number || undefined}>{c.show ? c.show(row) : c.by(row)}</div>
              ))}
            </div>
          )
        })}
      </div>
    </div>
  )
}
