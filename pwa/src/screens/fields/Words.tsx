// A free text: one line, or a box that grows with what is written.
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { FieldProps } from './Question.tsx'

export function Words({ field, id, value, hint, set }: FieldProps) {
  const box = useRef<HTMLTextAreaElement>(null)
  const text = typeof value === 'string' ? value : ''
  useLayoutEffect(() => {
    if (!box.current) return
    box.current.style.height = 'auto'
    box.current.style.height = `${box.current.scrollHeight + 4}px`
  }, [text])
  const put = (event: { currentTarget: { value: string } }) => set(event.currentTarget.value === '' ? null : event.currentTarget.value)
  const same = { id, value: text, 'aria-describedby': hint, onInput: put, autocomplete: 'off' }
  // Even a one-line answer may run on: a box wraps where a line would hide what was written.
  return <textarea class="nhsuk-textarea" rows={Math.max(1, Math.min(field.lines || 1, 8))} ref={box} {...same} />
}
