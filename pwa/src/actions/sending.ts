// The door to the sending machinery, which is fetched after the first screen shows.

const machinery = () => import('./synchronise.ts')

/** Start the loop of this tab. */
export async function keepInStep(): Promise<void> {
  await (await machinery()).keepInStep()
}

/** Forget the wait after failures, and try at once. */
export async function retryNow(): Promise<void> {
  await (await machinery()).retryNow()
}
