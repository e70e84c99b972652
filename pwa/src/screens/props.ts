// What every screen is given: all that is kept on this phone, and the parts of the address.
import type { Snapshot } from '../store/snapshot.ts'

export type ScreenProps = { all: Snapshot; parts: string[] }
