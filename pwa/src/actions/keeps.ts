// Whether anything is kept on this phone, for the screens that must not say so where it is not.
export { keepsNothing, onlineOnly } from '../store/online.ts'
