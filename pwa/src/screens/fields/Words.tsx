// A free text: one line, or a box that grows with what is written.
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Json } from '../../worksheet/definition.ts'

type Props = { id: string; value: Json; hint: string | undefined; lines: number; set: (value: Json) => void }

export function Words({ id, value, hint, lines, set }: Props) {
  const box = useRef<HTMLTextAreaElement>(null)
  const text = typeof value === 'string' ? value : ''
  useLayoutEffect(() => {
    if (!box.current) return
    box.current.style.height = 'auto'
    box.current.style.height = `${box.current.scrollHeight + 4}px`
  }, [text])
  const put = (event: { currentTarget: { value: string } }) => set(event.currentTarget.value === '' ? null : event.currentTarget.value)
  // What was written runs the way its own letters do; an empty box the way the page does.
  const same = { id, value: text, 'aria-describedby': hint, onInput: put, autocomplete: 'off', dir: text ? 'auto' as const : undefined }
  // Even a one-line answer may run on: a box wraps where a line would hide what was written.
  return <textarea class="nhsuk-textarea" rows={Math.max(1, Math.min(lines || 1, 8))} ref={box} {...same} />
}
