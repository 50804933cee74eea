import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { app } from '../app'
import type { Item } from './item'

interface Schema extends DBSchema {
  items: { key: number; value: Item; indexes: { key: string } }
  drafts: { key: string; value: { id: string; userId: string; kind: string; updatedAt: string; value: unknown } }
}

let opened: Promise<IDBPDatabase<Schema>> | undefined

/**
 * database opens what this device keeps of a person's own work. A connection that
 * the browser ends, or that another version of the app asks for, is opened anew at the next use.
 */
export function database(): Promise<IDBPDatabase<Schema>> {
  if (opened) return opened
  const mine: Promise<IDBPDatabase<Schema>> = openDB<Schema>(`dure-${app().name}-work`, 1, {
    upgrade(db) {
      db.createObjectStore('items', { keyPath: 'seq', autoIncrement: true }).createIndex('key', 'key', { unique: true })
      db.createObjectStore('drafts', { keyPath: 'id' })
    },
    blocking: () => {
      forget()
      void mine.then((db) => db.close())
    },
    terminated: forget,
  })
  function forget() {
    if (opened === mine) opened = undefined
  }
  mine.catch(forget)
  opened = mine
  return mine
}
