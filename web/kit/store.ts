import { useSyncExternalStore } from 'react'

/** A value that components can watch. */
export type Store<T> = {
  get(): T
  set(next: T): void
  watch(listener: () => void): () => void
}

/** store makes a watched value. */
export function store<T>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(value, next)) return
      value = next
      for (const listener of listeners) listener()
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** useStore renders again whenever the value changes. */
export function useStore<T>(s: Store<T>): T {
  return useSyncExternalStore(s.watch, s.get, s.get)
}
