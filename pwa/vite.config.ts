// Builds the phone app into dist/, then the worker as one classic script that knows its version and its files.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { defineConfig, minifySync, transformWithOxc, type Plugin } from 'vite'
import { logical } from './logical.ts'
import { unused } from './unused.ts'
import { allOf, told } from './translations.ts'
import { LANGUAGES } from './src/words/languages.ts'

const here = import.meta.dirname
const dist = resolve(here, 'dist')
const appVersion = JSON.parse(readFileSync(resolve(here, 'package.json'), 'utf8')).version as string

export default defineConfig({
  root: here,
  base: '/',
  define: { __APP_VERSION__: JSON.stringify(appVersion) },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: ['chrome109', 'firefox115', 'safari16.4'],
    outDir: dist,
    emptyOutDir: true,
    // A page names all of its files at once. A screen that is fetched later names its own: lists of them in advance weigh more.
    modulePreload: { polyfill: false, resolveDependencies: (_, files, { hostType }) => files.filter((name) => hostType === 'html' || name.endsWith('.css')) },
    // What every start needs in one file, and Today in another: many small ones pack badly.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'], priority: 2 }, { name: 'today', test: /screens[\\/]Today/, priority: 1 }, { name: 'notes', test: /parts[\\/](AskedMore|AppointmentNews|Handed|Clock|OnlineBar)/ }] } } },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  css: { postcss: { plugins: [logical(), unused(resolve(here, 'src'))] }, preprocessorOptions: { scss: { loadPaths: [resolve(here, 'node_modules')], quietDeps: true } } },
  plugins: [words(), worker()],
})

/** Writes the words of each other language, which a phone asks the server for when it is chosen, and how much there is of them. */
function words(): Plugin {
  return {
    name: 'meantime-words',
    apply: 'build',
    closeBundle() {
      const others = Object.keys(LANGUAGES).filter((code) => code !== 'en')
      for (const code of others) writeFileSync(join(dist, `words-${code}.json`), JSON.stringify(allOf(code)))
      writeFileSync(join(dist, 'languages.json'), JSON.stringify(Object.fromEntries(others.map((code) => [code, told(code)]))))
    },
  }
}

/** Writes dist/sw.js and dist/version.json once everything else is there. */
function worker(): Plugin {
  return {
    name: 'meantime-worker',
    apply: 'build',
    async closeBundle() {
      const files = listed(dist).filter((name) => !/^(sw\.js|version\.json|languages\.json|words-.*\.json)$|\.br$/.test(name))
      const hash = createHash('sha256')
      const source = readFileSync(resolve(here, 'src/sw.ts'), 'utf8')
      hash.update(source)
      for (const name of files) hash.update(name).update(readFileSync(join(dist, name)))
      const version = `${appVersion}-${hash.digest('hex').slice(0, 12)}`
      const addresses = ['/', ...files.filter((name) => name !== 'index.html').map((name) => `/${name}`)]
      const filled = source
        .replace("'__VERSION__'", JSON.stringify(version))
        .replace("['__FILES__']", JSON.stringify(addresses))
      const script = await transformWithOxc(filled, 'sw.ts', { target: 'es2020' })
      writeFileSync(join(dist, 'sw.js'), minifySync('sw.js', script.code, { module: false }).code)
      writeFileSync(join(dist, 'version.json'), JSON.stringify({ version }))
      // Packed once here, so that no server has to.
      for (const name of [...files, 'sw.js'].filter((one) => /\.(html|js|css|svg|webmanifest)$/.test(one))) {
        writeFileSync(join(dist, `${name}.br`), brotliCompressSync(readFileSync(join(dist, name))))
      }
    },
  }
}

function listed(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
}
