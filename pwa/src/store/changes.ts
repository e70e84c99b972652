// Tells every open screen, in this tab and in others, that something was written.
type Listener = (stores: readonly string[]) => void

const listeners = new Set<Listener>()
let channel: BroadcastChannel | null = null

/** Call `listener` after each write, in any tab, until the returned function is called. */
export function whenChanged(listener: Listener): () => void {
  connect()
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Something was written to these stores. */
export function changed(stores: readonly string[]): void {
  listeners.forEach((listener) => listener(stores))
  channel?.postMessage(stores)
}

function connect(): void {
  if (channel || typeof BroadcastChannel === 'undefined' || typeof document === 'undefined') return
  channel = new BroadcastChannel('meantime-changes')
  channel.onmessage = (event: MessageEvent<readonly string[]>) => listeners.forEach((listener) => listener(event.data))
}
