// What the tabs of one browser do in turn. Where it does not know such turns, each does as if it were alone.

/** Do it while no other tab does anything under the same name; `shared`: any number at once, but nobody alone. */
export function betweenTabs<T>(name: string, work: () => Promise<T>, mode: LockMode = 'exclusive'): Promise<T> {
  const locks = globalThis.navigator?.locks
  return locks ? locks.request(name, { mode }, async () => work()) : work()
}
