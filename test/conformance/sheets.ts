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
import type { Case, Suite } from './suite.ts'

const options = { ...defaultFileOptions(), mode: 'compat' as const }

async function compare(oracle: string, name: string): Promise<Case> {
  const folder = join(oracle, 'documents')
  const recorded = JSON.parse(readFileSync(join(folder, 'expected', name), 'utf8')) as {
    readonly source: string
    readonly elements: readonly Recorded[]
  }
  const bytes = readFileSync(join(folder, 'inputs', name.slice(0, -'.json'.length)))
  const file = { bytes, filename: basename(recorded.source) }
  const signal = new AbortController().signal
  const difference = firstDifference(
    await readElements(file, options, { signal, lose: () => {} }),
    recorded.elements,
  )
  return difference === undefined ? { name } : { name, difference }
}

/** What the reference recorded of workbooks against what compat mode makes of them. */
export async function sheetSuites(oracle: string): Promise<Suite[]> {
  const folder = join(oracle, 'documents', 'expected')
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.xlsx.json'))
  return [{ name: 'xlsx_documents', cases: await Promise.all(names.map((name) => compare(oracle, name))) }]
}
