/**
 * `npm run conformance -- --oracle DIR`: compares compat mode with recordings of the reference, names what is unequal with its first
 * difference, and ends with one JSON line.
 *
 * @module
 */

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { knownDifference } from '../test/conformance/known.ts'
import type { Suite } from '../test/conformance/suite.ts'
import { runSuites } from '../test/conformance/suites.ts'

const { values } = parseArgs({ options: { oracle: { type: 'string' } } })
const oracle = resolve(values.oracle ?? resolve(import.meta.dirname, '../../shared/oracle'))

function tell({ name, cases }: Suite): void {
  for (const each of cases) {
    if (each.difference === undefined) continue
    const reason = knownDifference(name, each.name)
    console.log(
      `${name}: ${each.name}\n    ${each.difference}${reason === undefined ? '' : `\n    known: ${reason}`}`,
    )
  }
}

const count = ({ name, cases }: Suite) => [
  name,
  { total: cases.length, equal: cases.filter(({ difference }) => difference === undefined).length },
]

if (existsSync(oracle)) {
  const suites = await runSuites(oracle)
  suites.forEach(tell)
  console.log(JSON.stringify({ suites: Object.fromEntries(suites.map(count)) }))
} else {
  console.error(`There are no recordings at ${oracle}; name their folder with --oracle DIR.`)
  process.exitCode = values.oracle === undefined ? 0 : 1
}
