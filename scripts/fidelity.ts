/**
 * `npm run fidelity -- --corpus DIR`: every storage-format file in a folder to elements, and how faithful they are. Names the worst
 * files, and ends with one JSON line.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { commonLength, type Fidelity, measureFidelity } from '../test/fidelity/measure.ts'
import { exceptions } from '../test/fidelity/visible-text.ts'

const worstShown = 10

const { values } = parseArgs({ options: { corpus: { type: 'string' } } })
const corpus = resolve(values.corpus ?? join(import.meta.dirname, '../../shared/corpus/storage'))

if (!existsSync(corpus)) {
  console.error(
    `There is no folder ${corpus}. Name one with storage-format files: npm run fidelity -- --corpus DIR`,
  )
  process.exit(values.corpus === undefined ? 0 : 1)
}

const files = readdirSync(corpus, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => entry.name)
  .sort()

const measured: (Fidelity & { readonly file: string })[] = []
for (const file of files) {
  measured.push({ file, ...(await measureFidelity(readFileSync(join(corpus, file), 'utf8'))) })
}

console.log('What the elements say otherwise than the page, on purpose:')
for (const [what, reason] of Object.entries(exceptions)) console.log(`  ${what}: ${reason}`)

const imperfect = measured.filter(({ recall, precision }) => recall < 1 || precision < 1)
console.log(`\n${measured.length - imperfect.length} of ${measured.length} files without any difference.`)
const worst = imperfect.toSorted((a, b) => a.recall + a.precision - b.recall - b.precision)
for (const { file, recall, precision, visible, arrived } of worst.slice(0, worstShown)) {
  console.log(`  recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}: ${file}`)
  console.log(`    not arrived: ${onlyIn(visible, arrived)}`)
  console.log(`    not visible: ${onlyIn(arrived, visible)}`)
}

const mean = (numbers: readonly number[]) =>
  numbers.reduce((sum, each) => sum + each, 0) / (numbers.length || 1)
const recalls = measured.map(({ recall }) => recall)
console.log(
  JSON.stringify({
    files: measured.length,
    recall_mean: mean(recalls),
    recall_min: Math.min(1, ...recalls),
    precision_mean: mean(measured.map(({ precision }) => precision)),
  }),
)

/** Words of one list that the other has not, or fewer of; the same words in another order are told as such. */
function onlyIn(these: readonly string[], those: readonly string[]): string {
  const left = new Map<string, number>()
  for (const word of those) left.set(word, (left.get(word) ?? 0) + 1)
  const missing = these.filter((word) => {
    const count = left.get(word) ?? 0
    left.set(word, count - 1)
    return count <= 0
  })
  if (missing.length > 0) return missing.slice(0, 20).join(' ')
  return commonLength(these, those) < these.length ? '(the order differs)' : '-'
}
