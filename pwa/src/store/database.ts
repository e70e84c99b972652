// Opens the phone's database. Trouble never wipes anything: it is tried again, then said.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { didKeep, forceOnlineOnly, keepsNothing, nowKept } from './online.ts'
import type { Sealed } from './sealed.ts'

export const STORES = [
  'drafts', 'revisions', 'assignments', 'occurrences', 'reviews', 'appointments', 'worksheets', 'deliveries', 'meta',
] as const
export type StoreName = (typeof STORES)[number]

type Shape = DBSchema & { [name in StoreName]: { key: string; value: Sealed } } & { keys: { key: string; value: object } }
export type Database = IDBPDatabase<Shape>

export type Trouble = 'missing' | 'newer' | 'blocked' | 'closed' | 'broken'
/** The database cannot be used now; what was typed has to stay on the screen. */
export class StoreTrouble extends Error {
  readonly kind: Trouble
  constructor(kind: Trouble, cause?: unknown) {
    super(kind, { cause })
    this.kind = kind
  }
}

export const NAME = 'meantime'
// 2: the keys, and sealed records, which an app of version 1 could not read.
const VERSION = 2
const TRIES = 3

let opened: Promise<Database> | null = null
let onTrouble: (kind: Trouble) => void = () => {}
let onWipe: () => void = () => {}

/** Be told when everything here was deleted, by this tab or by another. */
export function whenWiped(tell: () => void): void {
  onWipe = tell
}

/** Be told when the database is blocked by an old tab, or was closed under us. */
export function watchTrouble(tell: (kind: Trouble) => void): void {
  onTrouble = tell
}

/** The open database. Opened once; after trouble the next call tries again. */
export function database(): Promise<Database> {
  opened ??= openWithTries(TRIES).catch((error: unknown) => {
    opened = null
    throw error
  })
  return opened
}

async function openWithTries(left: number): Promise<Database> {
  try {
    return await openOnce()
  } catch (error) {
    if (error instanceof StoreTrouble) throw error
    const { name } = error as DOMException
    if (name === 'VersionError') throw new StoreTrouble('newer', error)
    if (left <= 1) {
      // A private window of an older Firefox, or storage that was switched off; not one that opened before.
      if (!['InvalidStateError', 'SecurityError'].includes(name) || didKeep()) throw new StoreTrouble('broken', error)
      forceOnlineOnly()
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
    return openWithTries(left - 1)
  }
}

/** This browser keeps nothing: from here on all of it is in memory. */
export function keepNothing(): void {
  forceOnlineOnly()
  opened = null
}

async function openOnce(): Promise<Database> {
  if (typeof indexedDB === 'undefined' || !indexedDB) {
    if (didKeep()) throw new StoreTrouble('missing')
    forceOnlineOnly()
  }
  if (keepsNothing()) return (await import('./memory.ts')).inMemory([...STORES, 'keys'])
  const db: Database = await openDB<Shape>(NAME, VERSION, {
    upgrade(fresh) {
      // Additive only: a store once made keeps its name and its meaning.
      for (const name of [...STORES, 'keys'] as const) if (!fresh.objectStoreNames.contains(name)) fresh.createObjectStore(name)
    },
    blocked: () => onTrouble('blocked'),
    blocking() {
      // A newer tab wants to upgrade: give way at once; our next call opens again or says "newer".
      onTrouble('closed')
      db.close()
      opened = null
      onWipe()
    },
    terminated() {
      opened = null
      onTrouble('closed')
    },
  })
  nowKept(true)
  return db
}

/** Close and delete everything: for "remove this phone", a device the service ended, another choice of what is kept. */
export async function wipe(): Promise<void> {
  if (opened) (await opened).close()
  opened = null
  nowKept(false)
  onWipe()
  if (typeof indexedDB === 'undefined' || !indexedDB) return
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(NAME)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error)
    // Another tab still holds it: it closes by `blocking`, and the deletion goes on.
    request.onblocked = () => {}
  })
}
