"""Scripts that run in a page: what stands there, what lies on the phone, and how soon it is blank."""

# Whether a field holds exactly this text.
WRITTEN = "(text) => [...document.querySelectorAll('textarea')].some((one) => one.value === text)"

# Every byte of every store, as text: what somebody finds who takes the phone apart.
DUMP = """async () => {
  const said = (value) => {
    if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value)
    if (ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value)
    if (value !== null && typeof value === 'object') return Object.entries(value).map(([n, v]) => n + said(v)).join()
    return String(value)
  }
  const asked = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result) })
  const base = await asked(indexedDB.open('meantime'))
  const found = []
  for (const name of base.objectStoreNames) {
    const store = () => base.transaction(name).objectStore(name)
    const [keys, records] = [await asked(store().getAllKeys()), await asked(store().getAll())]
    found.push(...records.map((record, at) => `${name}/${keys[at]} ${said(record)}`))
  }
  base.close()
  return found.join('\\n') + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)
}"""

# Presses "Leave quickly": how many milliseconds until nothing is drawn, and what is.
LEAVE = """() => {
  const from = performance.now()
  document.querySelector('.top__exit').click()
  const { height } = document.body.getBoundingClientRect()
  return [performance.now() - from, height, document.querySelector('main').checkVisibility(), document.title.trim()]
}"""

# Puts everything back as the release before sealing kept it: version 1, no keys, all in the clear. Returns how many.
BEFORE_SEALING = """async () => {
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const bound = (iv, place) => ({ name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(place) })
  const base = await asked(indexedDB.open('meantime'))
  const all = (name) => base.transaction(name).objectStore(name)
  const { box, kek, iv } = await asked(all('keys').get('local'))
  const key = await crypto.subtle.unwrapKey('raw', box, kek, bound(iv, 'key/local'), 'AES-GCM', false, ['decrypt'])
  const names = [...base.objectStoreNames].filter((name) => name !== 'keys')
  const found = []
  for (const name of names) {
    const [keys, records] = [await asked(all(name).getAllKeys()), await asked(all(name).getAll())]
    for (const [at, record] of records.entries()) {
      const open = record.v && await crypto.subtle.decrypt(bound(record.iv, `${name}/${keys[at]}`), key, record.body)
      found.push([name, keys[at], open ? JSON.parse(new TextDecoder().decode(open)) : record.body])
    }
  }
  base.close()
  await asked(indexedDB.deleteDatabase('meantime'))
  const opening = indexedDB.open('meantime', 1)
  opening.onupgradeneeded = () => names.forEach((name) => opening.result.createObjectStore(name))
  const older = await asked(opening)
  const writing = older.transaction(names, 'readwrite', { durability: 'strict' })
  for (const [name, at, body] of found) writing.objectStore(name).put({ v: 0, body }, at)
  await new Promise((resolve, reject) => { writing.oncomplete = resolve; writing.onabort = reject })
  older.close()
  return found.length
}"""

VERSION = "async () => (await indexedDB.databases()).find(({ name }) => name === 'meantime').version"

# Takes all room that is left for this origin; another call gives it back.
FILL = """async () => {
  const opening = indexedDB.open('filler', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('all', { autoIncrement: true })
  const base = await new Promise((resolve) => { opening.onsuccess = () => resolve(opening.result) })
  const bytes = new Uint8Array(1 << 20)
  for (let at = 0; at < bytes.length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536))
  let stored = 0
  for (let size = 1 << 20; size >= 512 && stored < 100_000_000;) {
    const writing = base.transaction('all', 'readwrite')
    try { writing.objectStore('all').add(bytes.slice(0, size)) } catch { size /= 4 }
    const kept = await new Promise((resolve) => {
      writing.oncomplete = () => resolve(true)
      writing.onabort = () => resolve(false)
    })
    if (kept) stored += size
    else size /= 4
  }
  base.close()
  return stored
}"""

EMPTY = """() => new Promise((resolve, reject) => {
  const request = indexedDB.deleteDatabase('filler')
  request.onsuccess = () => resolve(true)
  request.onerror = reject
})"""
