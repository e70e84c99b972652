// The English beside words in a language nobody has checked: on Help now and on Who sees this, where a mistake could harm.
import type { ComponentChildren } from 'preact'
import { offer } from '../../actions/offer.ts'
import type { Snapshot } from '../../store/snapshot.ts'
import { help } from '../../words/help.ts'
import { isMarked, speak, speakEnglish, spoken, type Values } from '../../words/speak.ts'

export type Key = keyof typeof help & string
export type Say = (key: Key, values?: Values) => ComponentChildren

/** `b('danger')`: the words as they are spoken, and the same in English under them unless somebody has checked these words. */
export function besides(all: Pick<Snapshot, 'settings' | 'service'> | null): Say {
  const [here, english] = [speak(help), speakEnglish(help)]
  const checked = spoken() === 'en' || (all && offer(all.settings, all.service)?.help_checked)
  return (key, values) => {
    const text = here(key, values)
    if (checked || isMarked(text)) return text
    return <span>{text}<span class="beside" lang="en" dir="ltr">{english(key, values)}</span></span>
  }
}
