import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

/** What a code begins with. A new beginning belongs here, or its codes go unchecked. */
const beginnings =
  'http|confluence|local|file|ocr|chunk|html|plan|partition|settings|workflow|files|postgres|state|run|retry|plugin|cli|inspect|request|telemetry|key|secrets|workspace|template|upload|channel|notification|webhook|connector|url|job|document'
const coded = new RegExp(
  `(?<!setAttribute\\()['"]((?:${beginnings})(?:\\.[a-z0-9_]+)+|outflow\\.bug|sandbox\\.[a-z_]+\\.[a-z_]+)['"](?!:)`,
  'g',
)

/** What is called like a code, and is an event or a file. */
const otherNames = new Set([
  ...['started', 'finished', 'scheduled', 'in_progress', 'progress', 'completed', 'stopped', 'failed'].map(
    (name) => `job.${name}`,
  ),
  ...['found', 'done', 'access_changed', 'unchanged', 'removed', 'held', 'skipped', 'not_permitted'].map(
    (name) => `document.${name}`,
  ),
  ...['document.unsupported', 'document.failed'],
  // Files.
  ...['job.json', 'telemetry.ndjson'],
])

/** Every quoted text in the sources that is a code, and no attribute of a span. */
function codesInSources(): Set<string> {
  const codes = new Set<string>()
  for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.name.endsWith('.test.ts')) continue
    const source = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    for (const [, code] of source.matchAll(coded)) if (!otherNames.has(code!)) codes.add(code!)
  }
  return codes
}

const documented = () =>
  new Set(
    [...readFileSync(join(root, 'docs', 'errors.md'), 'utf8').matchAll(/^### (\S+)$/gm)].map(
      ([, code]) => code!,
    ),
  )

it('documents every error code that the sources can raise', () => {
  const missing = [...codesInSources()].filter((code) => !documented().has(code))
  expect(missing).toEqual([])
})

it('documents no code that the sources have lost', () => {
  const codes = codesInSources()
  expect([...documented()].filter((code) => !codes.has(code))).toEqual([])
})
