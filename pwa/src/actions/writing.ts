// A worksheet while it is being written: one place holds the answers, and every key stroke is on disk within half a second.
import { around } from './around.ts'
import { toSave } from './filledIn.ts'
import { changed } from '../store/changes.ts'
import { dropDraft, keepDraft, type Draft } from '../store/drafts.ts'
import { save } from '../store/revisions.ts'
import { tooLong } from '../sync/wellFormed.ts'
import type { Kept } from '../sync/kept.ts'
import type { Json, Worksheet } from '../worksheet/definition.ts'

const PAUSE = 400

export type Trouble = { kind: 'full' | 'aborted' | 'too-long'; fields: string[] }

/** The answers on the screen. Screens draw `draft` and call the rest; nothing else holds form state. */
export class Writing {
  draft: Draft
  trouble: Trouble | null = null
  /** The draft as it is now is on disk. */
  kept = true
  readonly #listeners = new Set<() => void>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false
  #queue: Promise<void> = Promise.resolve()

  constructor(draft: Draft) {
    this.draft = draft
  }

  /** Draw again after each change, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** One answer; null takes it back. */
  answer(field: string, value: Json): void {
    const answers = { ...this.draft.answers }
    if (value === null) delete answers[field]
    else answers[field] = value
    this.change({ answers })
  }

  /** Any other part of the draft. */
  change(parts: Partial<Draft>): void {
    this.draft = { ...this.draft, ...parts, updated_at: new Date().toISOString() }
    this.kept = false
    this.trouble = null
    // Counted from the first key stroke that is not kept, so that somebody who never pauses is kept up with too.
    this.#timer ??= setTimeout(() => void this.flush(), PAUSE)
    this.#tell()
  }

  /** Put the draft on disk now: on blur, on a step, when the page is hidden. */
  flush(): Promise<void> {
    this.#stopTimer()
    this.#queue = this.#queue.then(() => this.#write())
    return this.#queue
  }

  async #write(): Promise<void> {
    if (this.kept || this.#closed) return
    const writing = this.draft
    try {
      await keepDraft(writing)
      if (this.draft === writing) this.kept = true
    } catch (error) {
      this.trouble = { kind: (error as { full?: boolean }).full ? 'full' : 'aborted', fields: [] }
    }
    this.#tell()
  }

  /** Save as one revision and clear the draft, in one transaction; null, and the text stays, when that cannot be. */
  async finish(sheet: Worksheet | null): Promise<Kept | null> {
    const { draft } = this
    const fields = tooLong(draft.answers)
    if (fields.length > 0) return this.#stopped({ kind: 'too-long', fields })
    this.#stopTimer()
    await this.#queue
    this.#closed = true
    try {
      return await save({
        subject: { kind: 'entry', assignment_id: draft.assignment_id, ...(draft.slot && { slot: draft.slot }) },
        payload: { answers: toSave(sheet, draft), kept: draft.kept, ...(draft.short && { short: true }), ...(draft.size && { size: draft.size }) },
        entry_id: draft.entry_id ?? undefined,
        parents: draft.parents,
        form: sheet ? { key: sheet.id, version: sheet.version, language: sheet.language, sha256: sheet.sha256 } : undefined,
        local: draft.local ?? undefined,
        helped_by: draft.helped_by,
      }, await around(), draft.key)
    } catch (error) {
      this.#closed = false
      return this.#stopped({ kind: (error as { full?: boolean }).full ? 'full' : 'aborted', fields: [] })
    }
  }

  /** Throw the draft away, because the person said so. */
  async abandon(): Promise<void> {
    this.#stopTimer()
    await this.#queue
    this.#closed = true
    await dropDraft(this.draft.key)
  }

  /** What was written is saved some other way, and the page stays open: no draft of it is left, unless more was typed since. */
  async saved(draft: Draft): Promise<void> {
    this.#stopTimer()
    await this.#queue
    if (this.draft !== draft) return this.flush()
    this.draft = { ...draft, answers: {} }
    this.kept = true
    await dropDraft(draft.key)
    this.#tell()
  }

  /** The screen is left: what is there is kept, and no timer runs on. */
  async leave(): Promise<void> {
    await this.flush()
    changed(['drafts', 'left'])
  }

  #stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #stopped(trouble: Trouble): null {
    this.trouble = trouble
    this.#tell()
    return null
  }

  #tell(): void {
    this.#listeners.forEach((listener) => listener())
  }
}
