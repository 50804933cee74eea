import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { app } from '../app'
import type { Item } from './item'

interface Schema extends DBSchema {
  items: { key: number; value: Item; indexes: { key: string } }
  drafts: { key: string; value: { id: string; userId: string; kind: string; updatedAt: string; value: unknown } }
}

let opened: Promise<IDBPDatabase<Schema>> | undefined

/** database opens what this device keeps of a person's own work. */
export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>(`dure-${app().name}-work`, 1, {
    upgrade(db) {
      db.createObjectStore('items', { keyPath: 'seq', autoIncrement: true }).createIndex('key', 'key', { unique: true })
      db.createObjectStore('drafts', { keyPath: 'id' })
    },
    blocking: async () => {
      ;(await opened)?.close()
      opened = undefined
    },
  })
  return opened
}
