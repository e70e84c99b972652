// Reads a database that a newer app wrote.
import { openDB } from 'idb'
import { NAME } from './database.ts'

/** Every record as it lies there, whatever version wrote it: opened without naming a version, and only read. */
export async function rescue(): Promise<{ version: number; stores: { [store: string]: { key: IDBValidKey; record: unknown }[] } }> {
  const db = await openDB(NAME)
  try {
    const names = [...db.objectStoreNames]
    const stores: { [store: string]: { key: IDBValidKey; record: unknown }[] } = {}
    if (names.length > 0) {
      const reading = db.transaction(names, 'readonly')
      await Promise.all(names.map(async (name) => {
        const [keys, records] = await Promise.all([reading.objectStore(name).getAllKeys(), reading.objectStore(name).getAll()])
        stores[name] = keys.map((key, n) => ({ key, record: records[n] as unknown }))
      }))
    }
    return { version: db.version, stores }
  } finally {
    db.close()
  }
}
