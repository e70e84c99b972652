// What the phone's own rule says of answers: reads [{answer, sent}] on standard input, writes a verdict for each.
import { readFileSync } from 'node:fs'
import { acknowledged, type Answer, type Sent } from '../../pwa/src/sync/acknowledged.ts'

const told = JSON.parse(readFileSync(0, 'utf8')) as { answer: Answer; sent: Sent }[]
const verdicts = told.map(({ answer, sent }) => {
  const verdict = acknowledged(answer, sent)
  return { kind: verdict.kind, became: verdict.kind === 'acknowledged' ? Object.fromEntries(verdict.became) : {} }
})
process.stdout.write(JSON.stringify(verdicts))
