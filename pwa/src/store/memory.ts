// A database that is nowhere but in memory, for as long as the page is open: as much of the browser's own as the store asks for.
import type { Database } from './database.ts'

export function inMemory(stores: readonly string[]): Database {
  const rows = new Map(stores.map((name) => [name, new Map<string, unknown>()]))
  const objectStore = (name: string) => {
    const own = rows.get(name)!
    return {
      get: async (key: string) => own.get(key), getAll: async () => [...own.values()], getAllKeys: async () => [...own.keys()],
      put: async (value: unknown, key: string) => void own.set(key, value), delete: async (key: string) => void own.delete(key),
    }
  }
  return {
    get: (name: string, key: string) => objectStore(name).get(key),
    getAll: (name: string) => objectStore(name).getAll(),
    put: (name: string, value: unknown, key: string) => objectStore(name).put(value, key),
    delete: (name: string, key: string) => objectStore(name).delete(key),
    transaction: (names: string | string[]) => ({
      objectStore, store: objectStore([names].flat()[0]!), done: Promise.resolve(), error: null, abort() {},
    }),
    close: () => rows.clear(),
  } as unknown as Database
}
