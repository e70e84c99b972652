// The shipped app as a function of the browser it runs in: bundled once, started as often as a phone opens it.
import { readFileSync } from 'node:fs'
import { rolldown } from '../../../pwa/node_modules/rolldown/dist/index.mjs'

const here = (name: string) => new URL(name, import.meta.url).pathname

/** What a tab finds around it. The bundle sees these names and nothing else of ours. */
export const NAMES = [
  'globalThis', 'indexedDB', 'IDBDatabase', 'IDBObjectStore', 'IDBIndex', 'IDBCursor', 'IDBTransaction', 'IDBRequest', 'IDBKeyRange',
  'fetch', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'Date', 'Math', 'crypto', 'navigator', 'document', 'window', 'self',
  'addEventListener', 'removeEventListener', 'localStorage', 'sessionStorage', 'BroadcastChannel', 'matchMedia', 'location', 'console',
] as const
export type Globals = Record<(typeof NAMES)[number], unknown>

/** A defect put in on purpose: one text of one file becomes another. */
export type Plant = { file: string; was: string; is: string }

/** Compile an entry file; the result starts a fresh instance with these globals and returns what it exports. */
export async function compiled<Exports>(entry: string, plants: Plant[] = []): Promise<(globals: Partial<Globals>) => Exports> {
  const left = new Set(plants)
  const bundle = await rolldown({
    input: here(entry),
    logLevel: 'silent',
    plugins: [{
      name: 'plants',
      load(id: string) {
        const mine = plants.filter(({ file }) => id.endsWith(file))
        if (mine.length === 0) return null
        let text = readFileSync(id, 'utf8')
        for (const plant of mine) {
          if (text.split(plant.was).length !== 2) throw new Error(`the plant no longer fits ${plant.file}: ${plant.was}`)
          text = text.replace(plant.was, () => plant.is)
          left.delete(plant)
        }
        return { code: text, moduleType: 'ts' }
      },
    }],
  })
  const { output } = await bundle.generate({ format: 'iife', name: 'exported', exports: 'named', codeSplitting: false })
  await bundle.close()
  if (left.size > 0) throw new Error(`no such file: ${[...left].map(({ file }) => file).join()}`)
  const start = new Function(...NAMES, `${output[0].code}\nreturn exported`)
  return (globals) => start(...NAMES.map((name) => globals[name])) as Exports
}
