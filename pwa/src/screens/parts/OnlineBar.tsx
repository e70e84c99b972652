// Said above every page of a phone that keeps nothing, before anybody types.
import { keepsNothing, onlineOnly } from '../../actions/keeps.ts'
import { notes } from '../../words/notes.ts'
import { speak } from '../../words/speak.ts'

const t = speak(notes)

export default function OnlineBar() {
  if (!keepsNothing()) return null
  return <aside class="demo" data-online={onlineOnly()}>{t(onlineOnly() === 'forced' ? 'online.forced' : 'online.bar')}</aside>
}
