/**
 * A process that records batches of entries in a state folder for as long as it lives, and says each that was acknowledged. A batch is of
 * one version, and comes twice as often as a number of documents: old and new ones in turn.
 *
 * @module
 */

import { openStore } from '../../src/store/index.ts'
import { entry } from './entries.ts'
import { batches, batchSize } from './writing.ts'

const [stateDir, first] = process.argv.slice(2)
console.log('started')
const { ledger } = await openStore({ stateDir: stateDir! })
console.log('open')
for (let version = Number(first); ; version++) {
  const at = (version % batches) * batchSize
  await ledger.record(
    'wiki',
    Array.from({ length: batchSize }, (_, row) => entry(at + row, { version: String(version) })),
  )
  console.log(String(version))
}
