// Said above every page of a phone that keeps nothing, before anybody types.
import { keepsNothing, onlineOnly } from '../../actions/keeps.ts'
import { lock } from '../../words/lock.ts'
import { speak } from '../../words/speak.ts'

const t = speak(lock)

export default function OnlineBar() {
  if (!keepsNothing()) return null
  return <aside class="demo" data-online={onlineOnly()}>{t(onlineOnly() === 'forced' ? 'online.forced' : 'online.bar')}</aside>
}
