// Builds dist-staff/: style and script of the staff pages, from the release that matches the Jinja macros.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { compileString } from 'sass'

const here = import.meta.dirname
const out = resolve(here, 'dist-staff')
const nhsuk = resolve(here, 'node_modules/nhsuk-frontend/dist/nhsuk')

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
// Arial, because the NHS's own typeface is licensed for its own sites only.
const style = compileString(
  '@use "nhsuk-frontend/dist/nhsuk/core/settings" with ($nhsuk-font-family: (arial, sans-serif), $nhsuk-include-font-face: false);'
    + '@use "nhsuk-frontend/dist/nhsuk";',
  { style: 'compressed', loadPaths: [resolve(here, 'node_modules')], quietDeps: true },
)
writeFileSync(resolve(out, 'nhsuk.css'), style.css)
copyFileSync(resolve(nhsuk, 'nhsuk-frontend.min.js'), resolve(out, 'nhsuk.js'))
// Pages load this one: it starts every component without an inline script.
writeFileSync(resolve(out, 'start.js'), 'import { initAll } from "./nhsuk.js"\ninitAll()\n')
