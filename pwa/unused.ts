// Leaves out of the built style what no screen names: of nhsuk-frontend we use a part, and each phone fetches all of it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'postcss'

const THEIRS = /nhsuk-[\w-]+/g

/** Drops selectors with a class of nhsuk-frontend that is written nowhere under `folder`. Classes are never put together from parts. */
export function unused(folder: string): Plugin {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.name.endsWith('.tsx'))
  const named = new Set(files.flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').match(THEIRS) ?? []))
  const used = (selector: string) => (selector.replace(/:not\([^)]*\)/g, '').match(THEIRS) ?? []).every((name) => named.has(name))
  return {
    postcssPlugin: 'unused',
    OnceExit(root) {
      root.walkRules((rule) => {
        const kept = rule.selectors.filter(used)
        if (kept.length === 0) rule.remove()
        else if (kept.length < rule.selectors.length) rule.selectors = kept
      })
      root.walkAtRules((at) => { if (at.nodes?.length === 0) at.remove() })
    },
  }
}
