// Cuts what waits into pushes of at most 100 revisions and 1 MiB.

const MOST = 100
// Room for the envelope below 1 MiB.
const MOST_BYTES = 1024 * 1024 - 4096

/** The first of `waiting` that fit one push of at most `most`; at least one, however large. `text` is its JSON. */
export function firstBatch<Item>(waiting: Item[], text: (item: Item) => string, most: number = MOST): Item[] {
  const batch: Item[] = []
  let bytes = 0
  for (const item of waiting.slice(0, Math.max(1, Math.min(most, MOST)))) {
    bytes += new TextEncoder().encode(text(item)).length + 1
    if (batch.length > 0 && bytes > MOST_BYTES) break
    batch.push(item)
  }
  return batch
}
