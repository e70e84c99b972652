// Runs seeds, one after the other, against the server at the other end of the pipes, and tells of each.
import { compiled, type Plant } from './program.ts'
import { play } from './faults.ts'
import { ask } from './server.ts'
import { tell, type Weights } from './story.ts'
import type { Program } from './stage.ts'

type Job = { seeds: number[]; phones: number; steps: number; plants: Plant[]; fault: string; more: Partial<Weights>; traces: boolean; until_broken: boolean }

process.on('unhandledRejection', () => {}) // of tabs that are dead: what they waited for never comes
const job = ask<Job>('job')
const program = { app: await compiled('./app.ts', job.plants), storage: await compiled('./storage.ts') } as Program
for (const seed of job.seeds) {
  const began = performance.now()
  const used = process.cpuUsage()
  const { traced, ...told } = job.fault ? await play(job.fault, program) : await tell(seed, program, job.phones, job.steps, job.more)
  const { user, system } = process.cpuUsage(used)
  ask('told', { ...told, time: (performance.now() - began) / 1e3, cpu: (user + system) / 1e6, traced: job.traces || told.broken.length > 0 ? traced : [] })
  if (job.until_broken && told.broken.length > 0) break
}
process.exit(0)
