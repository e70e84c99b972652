// Where a PIN is typed: numbers only, never shown, never kept by the browser.

type Props = { id: string; label: string; hint?: string; value: string; type: (pin: string) => void }

export function PinInput({ id, label, hint, value, type }: Props) {
  return (
    <div class="nhsuk-form-group">
      <label class="nhsuk-label nhsuk-label--m" for={id}>{label}</label>
      {hint && <div class="nhsuk-hint" id={`${id}-hint`}>{hint}</div>}
      <input class="nhsuk-input nhsuk-input--width-5" id={id} type="password" inputMode="numeric" autocomplete="off" maxLength={12} value={value}
        aria-describedby={hint ? `${id}-hint` : undefined} onInput={(event) => type(event.currentTarget.value)} />
    </div>
  )
}
