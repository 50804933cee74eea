import type { ReactNode } from 'react'
import styles from './deals.module.css'

/** Facts are names and what they are, in columns where there is room. */
export function Facts({ of }: { of: ([name: string, value: ReactNode] | false | null)[] }) {
  return (
    <dl className={styles.facts}>
      {of.map((f) => f && (
        <div key={f[0]}>
          <dt>{f[0]}</dt>
          <dd>{f[1]}</dd>
        </div>
      ))}
    </dl>
  )
}
