// One box to tick, with what it means.

type Props = { id: string; label: string; hint?: string; on: boolean; set: (on: boolean) => void }

export function Tick({ id, label, hint, on, set: put }: Props) {
  return (
    <div class="nhsuk-checkboxes__item">
      <input class="nhsuk-checkboxes__input" id={id} type="checkbox" checked={on} aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => put(event.currentTarget.checked)} />
      <label class="nhsuk-label nhsuk-checkboxes__label" for={id}>{label}</label>
      {hint && <div class="nhsuk-hint nhsuk-checkboxes__hint" id={`${id}-hint`}>{hint}</div>}
    </div>
  )
}
