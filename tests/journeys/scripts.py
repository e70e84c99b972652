"""Scripts that run in a page: what lies on the phone, and how soon it is blank."""

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
