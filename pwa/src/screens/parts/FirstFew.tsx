// The first few of many; the rest one tap away.
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { later } from '../../words/later.ts'
import { speak } from '../../words/speak.ts'

const t = speak(later)

export function FirstFew({ few, items, about, wrap }: { few: number; items: ComponentChildren[]; about: string; wrap: (shown: ComponentChildren[]) => ComponentChildren }) {
  const [all, show] = useState(false)
  return (
    <>
      {wrap(all ? items : items.slice(0, few))}
      {!all && items.length > few && (
        <p><button type="button" class="link" onClick={() => show(true)}>{t('history.older')}<span class="nhsuk-u-visually-hidden">: {about}</span></button></p>
      )}
    </>
  )
}
