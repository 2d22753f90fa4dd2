import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { knownDifference } from './known.ts'
import { runSuites } from './suites.ts'

const oracle = resolve(import.meta.dirname, '../../../shared/oracle')
const there = existsSync(oracle)
if (!there)
  console.warn(`SKIPPED: no recordings of the reference at ${oracle}; compat mode is not compared here.`)

describe.skipIf(!there)('compat mode against recordings of the reference', async () => {
  const suites = there ? await runSuites(oracle) : []

  it.each(suites)('$name: equal but for the documented list', ({ name, cases }) => {
    const unequal = cases.filter((each) => each.difference !== undefined && !knownDifference(name, each.name))
    expect(unequal).toEqual([])
    expect(cases.length).toBeGreaterThan(0)
  })

  it('does not excuse what is equal', () => {
    const excused = suites.flatMap(({ name, cases }) =>
      cases.filter(
        (each) =>
          each.difference === undefined &&
          knownDifference(name, each.name) &&
          !each.name.startsWith('(stand-in)'),
      ),
    )
    expect(excused).toEqual([])
  })
})
