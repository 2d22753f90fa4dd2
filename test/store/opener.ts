/**
 * A process that opens the state on a server when it is told to, with its queues if that is asked for, says so, and closes it when told again.
 *
 * @module
 */

import { createInterface } from 'node:readline'
import { openStore } from '../../src/store/index.ts'

const [databaseUrl, what] = process.argv.slice(2)
const told = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
console.log('ready')
await told.next()
try {
  const store = await openStore({ databaseUrl: databaseUrl! })
  const queue = what === 'queue' ? await store.openQueue() : undefined
  await queue?.send('check', { check: String(process.pid) })
  console.log('open')
  await told.next()
  await queue?.stop(5)
  await store.close()
  console.log('closed')
} catch (thrown) {
  console.log(`failed: ${String(thrown)}`)
}
process.exit()
