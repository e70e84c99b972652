// Every sentence that says where something is kept, or who could read it, is true in each state in which it shows.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, test } from 'node:test'
import { doneToday, anna, freshPhone, Server, storageOf } from './phone.ts'
import { ENGLISH } from '../../pwa/translations.ts'
import { choosePin } from '../../pwa/src/actions/lock.ts'
import { here } from '../../pwa/src/actions/keeps.ts'
import { savedName } from '../../pwa/src/screens/parts/states.ts'
import { wipe } from '../../pwa/src/store/database.ts'
import { forgetKey } from '../../pwa/src/store/keys.ts'
import { chooseOnlineOnly } from '../../pwa/src/store/online.ts'
import { save } from '../../pwa/src/store/revisions.ts'
import { snapshot } from '../../pwa/src/store/snapshot.ts'
import type { State } from '../../pwa/src/sync/kept.ts'

const SCREENS = join(import.meta.dirname, '../../pwa/src')
/** What makes a sentence one of these. */
const CLAIM = /(on|from) (this|your) phone|\b(saved|kept|stays|safe) here|here is kept|stays (here|on)|keeps? nothing|is the only lock|private|your PIN|PIN (locks|helps)|locks? it|is locked|can read (this|it)|is lost|be lost|not clear|^Saved$/i
/** What is said to lie on the phone. */
const LIES_HERE = /(?<!Nothing (is|you write) )((saved|kept|stays?|still) on this phone|(saved|safe|stays) here|only on this phone)|^Saved$/i
/**
 * o: no PIN · p: a PIN, open · l: locked · n: nothing is kept (chosen, or a private window) · u: this browser cannot seal.
 * *Hide what I sent* may be on in o, p and u; a sentence for it alone has an h.
 */
const TABLE: { [catalogue: string]: { [keys: string]: string } } = {
  app: {
    'app.not-found-text': 'opnu', 'app.broken-text': 'opu', 'app.broken-text-unkept': 'n', 'anyone.open': 'ou', 'anyone.pin': 'p', 'anyone.nothing': 'n',
    'saved.here': 'opu', 'saved.sign-in': 'opu', 'saved.refused': 'opu', 'today.started': 'opu', 'today.unsent': 'opu',
  },
  help: { 'who.phone': 'opnu', 'who.phone-open': 'ou', 'who.phone-pin': 'p', 'who.phone-nothing': 'n', 'who.draft': 'opu', 'who.draft-unkept': 'n' },
  later: { 'unreadable': 'opu', 'not.saved': 'opu', 'counts.here': 'opnu', 'merge.here': 'opnu', 'entry.shared': 'opnu', 'entry.will-share': 'opnu', 'barrier.no_private_space': 'opnu' },
  lock: {
    'title': 'l', 'text': 'l', 'others': 'oplu', 'waiting': 'l', 'wrong': 'l', 'pin': 'l', 'clear.text': 'l', 'clear.waiting': 'l', 'forgot': 'l', 'back': 'l', 'code.tried': 'l', 'code.nothing-lost': 'l', 'code.text': 'l', 'code.no-key': 'l', 'code.pin': 'l', 'wrong.after': 'l',
    'set.text': 'ou', 'set.is-on': 'p', 'set.exit': 'p', 'set.old': 'p', 'set.wrong': 'p', 'set.no-key': 'u', 'nothing-hidden': 'h',
    'online': 'opn', 'online-hint': 'opn', 'online.signal-text': 'n',
  },
  notes: { 'online.bar': 'n', 'online.forced': 'n' },
  over: {
    'copy-hint': 'opnu', 'closed-text': 'opnu', 'closed-copy': 'opnu', 'closed-remove': 'opnu', 'check-here': 'opu', 'check-here-unkept': 'n', 'check-save': 'opu',
    'check-saved': 'opu', 'check-only-here': 'opu', 'check-stop-sure': 'opnu',
  },
  pairing: {
    'again-text': 'opu', 'again-text-unkept': 'n', 'again-count': 'opu', 'what.screen-lock': 'opnu', 'shared.quiet': 'opnu', 'shared.exit': 'opnu',
  },
  reminding: { 'next-own': 'opnu' },
  saved: { here: 'opu', open: 'n', sent: 'opnu', 'sign-in': 'opu', 'sign-in-unkept': 'n', 'refused-unkept': 'n', 'lost-phone': 'opu' },
  settings: {
    'reminders.words-hint': 'opu', 'reminders.words-hint-unkept': 'n', 'reminders.saved': 'opu', 'about.saved': 'opu', 'reminders.not-here': 'opnu',
    'privacy.screen-lock': 'opn', 'privacy.unsealed': 'u', 'data.text-unkept': 'n', 'data.download-hint': 'opnu', 'data.download-pin': 'p',
    'data.refused': 'opu', 'data.unreadable': 'opu', 'remove.text': 'opnu', 'remove.unsent': 'opnu', 'only-here': 'opu', 'only-here-unkept': 'n', 'ended.text': 'opnu', 'ended.leave': 'opnu', 'ended.sure': 'opnu', 'sent.shown': 'opu', 'store.missing-text': 'opnu', 'store.newer-text': 'opu', 'store.rescue-text': 'opu', 'store.broken': 'opu',
  },
  sheet: { 'saved.title': 'opu', 'not-here': 'opnu', 'draft-kept': 'opu' },
}

beforeEach(async () => {
  globalThis.localStorage ??= storageOf()
  chooseOnlineOnly(null)
  await freshPhone()
  new Server().before = ({ path }) => (path.endsWith('/device/key') ? { status: 204 } : undefined)
})

test('each sentence about what is kept, or who could read it, stands in the table', () => {
  const found = Object.entries(ENGLISH).map(([catalogue, words]) =>
    [catalogue, Object.entries(words).filter(([, text]) => CLAIM.test(said(text))).map(([key]) => key).sort()] as const)
  const told = found.map(([catalogue]) => [catalogue, Object.keys(TABLE[catalogue] ?? {}).filter((key) => CLAIM.test(said(ENGLISH[catalogue]![key]!))).sort()] as const)
  assert.deepEqual(found, told)
})

test('where nothing is kept, no sentence says that something lies on the phone', () => {
  for (const [catalogue, keys] of Object.entries(TABLE)) {
    for (const [key, states] of Object.entries(keys)) {
      const text = said(ENGLISH[catalogue]![key]!)
      assert.ok(!states.includes('n') || !LIES_HERE.test(text) || /^(counts\.here|not-here)$/.test(key), `${catalogue}:${key}: ${text}`)
      assert.ok(!/your PIN/i.test(text) || !/[nu]/.test(states), `${catalogue}:${key} speaks of a PIN where there is none`)
    }
  }
})

test('a sentence with another for phones that keep nothing is only ever asked for by where it is', () => {
  const files = readdirSync(SCREENS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'))
  const source = files.map((name) => readFileSync(join(SCREENS, name), 'utf8')).join('\n')
  const twins = Object.values(ENGLISH).flatMap((words) => Object.keys(words).filter((key) => `${key}-unkept` in words && !/^(saved\.)?(sign-in|refused)$/.test(key)))
  assert.ok(twins.length >= 14, `${twins}`)
  for (const key of twins) {
    const plain = source.split(`'${key}'`).length - source.split(`here('${key}'`).length
    assert.deepEqual([key, plain, source.includes(`here('${key}'`)], [key, 0, true])
  }
})

test('what a phone that keeps nothing has no words for is only said after asking whether it keeps anything', () => {
  const said = readdirSync(SCREENS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'))
    .flatMap((name) => readFileSync(join(SCREENS, name), 'utf8').split('\n')).filter((line) => /'(draft-kept|today\.unsent|check-until)'/.test(line))
  assert.ok(said.length >= 4)
  assert.deepEqual(said.filter((line) => !line.includes('keepsNothing()')), [])
})

test('a phone knows how it keeps things: by itself, behind a PIN, not at all, or unsealed', async (context) => {
  assert.equal((await snapshot()).kept, 'open')
  await save(doneToday(), anna)
  assert.equal((await snapshot()).kept, 'open')
  assert.equal(await choosePin('270418'), null)
  assert.equal((await snapshot()).kept, 'pin')
  forgetKey()
  assert.deepEqual([(await snapshot()).kept, (await snapshot()).lock], ['pin', 'pin'])
  await wipe()
  chooseOnlineOnly(true)
  assert.deepEqual([(await snapshot()).kept, here('today.started')], ['nothing', 'today.started-unkept'])
  assert.deepEqual(STATES.map(savedName), ['open', 'open', 'sent', 'sign-in-unkept', 'quarantined', 'refused-unkept'])
  chooseOnlineOnly(null)
  assert.deepEqual(STATES.map(savedName), ['here', 'here', 'sent', 'sign-in', 'quarantined', 'refused'])
  assert.equal(here('today.started'), 'today.started')
  await freshPhone()
  const { subtle } = globalThis.crypto
  context.after(() => Object.defineProperty(globalThis.crypto, 'subtle', { value: subtle, configurable: true }))
  Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined, configurable: true })
  assert.equal((await snapshot()).kept, 'unsealed')
})

const STATES: State[] = ['pending', 'sending', 'sent', 'needs_sign_in', 'quarantined', 'refused']

function said(text: string | { [form: string]: string }): string {
  return typeof text === 'string' ? text : Object.values(text).join(' ')
}
