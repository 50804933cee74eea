import { store, useStore } from '../store'
import { uuidv7 } from '../ids'
import { Button } from './controls'

type Toast = { id: string; text: string; act?: { label: string; run: () => void } }

const toasts = store<Toast[]>([])

/** tell shows a line for a while, with something to undo or open where there is. */
export function tell(text: string, act?: Toast['act']) {
  const id = uuidv7()
  toasts.set([...toasts.get().slice(-2), { id, text, act }])
  setTimeout(() => untell(id), act ? 8_000 : 4_500)
}

function untell(id: string) {
  toasts.set(toasts.get().filter((x) => x.id !== id))
}

/** Toasts is where the lines appear; screen readers hear them. */
export function Toasts() {
  const shown = useStore(toasts)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((x) => (
        <div key={x.id} className="toast">
          <span>{x.text}</span>
          {x.act && (
            <Button
              onPress={() => {
                x.act?.run()
                untell(x.id)
              }}
            >
              {x.act.label}
            </Button>
          )}
        </div>
      ))}
    </div>
  )
}
