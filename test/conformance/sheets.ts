/**
 * Workbooks: recorded documents.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { defaultFileOptions } from '../../src/partition/options.ts'
import { readElements } from '../../src/partition/read.ts'
import { firstDifference, type Recorded } from './compare.ts'
import type { Case, Known, Suite } from './suite.ts'

const options = { ...defaultFileOptions(), mode: 'compat' as const }
/** What the reference's function for workbooks says of both kinds, when it is called by itself, as it was for the recordings. */
const filetype = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** In which cases compat mode differs, and why. */
export const sheetKnown: readonly Known[] = [
  {
    suite: 'xls_documents',
    name: 'tests-example.xls',
    reason: 'recorded with a stand-in for the language model, which takes an e-mail address for prose',
  },
]

async function compare(oracle: string, name: string): Promise<Case> {
  const folder = join(oracle, 'documents')
  const recorded = JSON.parse(readFileSync(join(folder, 'expected', name), 'utf8')) as {
    readonly source: string
    readonly elements: readonly Recorded[]
  }
  const bytes = readFileSync(join(folder, 'inputs', name.slice(0, -'.json'.length)))
  const file = { bytes, filename: basename(recorded.source) }
  const signal = new AbortController().signal
  const elements = await readElements(file, options, { signal, lose: () => {} })
  for (const { metadata } of elements) metadata.filetype = filetype
  const difference = firstDifference(elements, recorded.elements)
  return difference === undefined ? { name } : { name, difference }
}

/** What the reference recorded of workbooks against what compat mode makes of them. */
export async function sheetSuites(oracle: string): Promise<Suite[]> {
  const folder = join(oracle, 'documents', 'expected')
  if (!existsSync(folder)) return []
  const casesOf = (ending: string) =>
    Promise.all(
      readdirSync(folder)
        .filter((name) => name.endsWith(`.${ending}.json`))
        .map((name) => compare(oracle, name)),
    )
  return [
    { name: 'xlsx_documents', cases: await casesOf('xlsx') },
    { name: 'xls_documents', cases: await casesOf('xls') },
  ]
}
