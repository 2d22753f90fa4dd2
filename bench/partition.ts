/**
 * HTML to NDJSON elements, with ids, languages and hierarchy, against the bare parser on the same pages in the same process.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Parser } from 'htmlparser2'
import { writeElements } from '../src/model/element-json.ts'
import type { Mode } from '../src/partition/html/roles.ts'
import { partitionHtml } from '../src/partition/html.ts'

interface Page {
  readonly filename: string
  readonly html: string
}

/** What has to be reached: speed of the whole way over speed of the parser alone. */
const limit = 0.4

const shared = resolve(import.meta.dirname, '../../shared/corpus/view')
const ownPages = join(import.meta.dirname, 'pages')

function readPages(folder: string): Page[] {
  return readdirSync(folder)
    .filter((filename) => /\.x?html?$/.test(filename))
    .map((filename) => ({ filename, html: readFileSync(join(folder, filename), 'utf8') }))
}

function parseOnly({ html }: Page): void {
  const ignore = () => {}
  const parser = new Parser(
    { onopentag: ignore, ontext: ignore, onclosetag: ignore },
    { recognizeSelfClosing: true },
  )
  parser.end(html)
}

async function partition({ html, filename }: Page, mode: Mode): Promise<void> {
  const url = `https://wiki.example.com/pages/${filename}`
  const elements = await partitionHtml({ text: html }, { mode, filename, url })
  if (writeElements(elements, 'ndjson') === '' && html.length > 1000)
    throw new Error(`${filename}: no elements`)
}

/** Seconds for one round over all pages, `repeats` times. */
async function time(pages: readonly Page[], repeats: number, work: (page: Page) => unknown): Promise<number> {
  const start = performance.now()
  for (let repeat = 0; repeat < repeats; repeat++) for (const page of pages) await work(page)
  return (performance.now() - start) / 1000
}

/** `--corpus DIR` (default the shared pages, else our own), `--rounds N` (default 15). Best round of each side counts. */
export default async function benchmarkPartition(args: string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args,
    options: { corpus: { type: 'string' }, rounds: { type: 'string', default: '15' } },
  })
  const folder = values.corpus ?? (existsSync(shared) ? shared : ownPages)
  const pages = readPages(folder)
  const bytes = pages.reduce((total, { html }) => total + Buffer.byteLength(html), 0)
  const repeats = Math.max(1, Math.round(2_000_000 / bytes))
  const best = { parse: Infinity, enhanced: Infinity, compat: Infinity }
  const keep = (side: keyof typeof best, seconds: number) => {
    best[side] = Math.min(best[side], seconds)
  }
  for (let round = 0; round < Number(values.rounds); round++) {
    keep('parse', await time(pages, repeats, parseOnly))
    keep('enhanced', await time(pages, repeats, (page) => partition(page, 'enhanced')))
    keep('compat', await time(pages, repeats, (page) => partition(page, 'compat')))
  }
  const speed = (seconds: number) => (bytes * repeats) / seconds / 1e6
  const ratio = best.parse / best.enhanced
  console.log(`${pages.length} pages, ${bytes} bytes of ${folder}`)
  console.log(`htmlparser2 alone      ${speed(best.parse).toFixed(1)} MB/s`)
  console.log(`to NDJSON, enhanced    ${speed(best.enhanced).toFixed(1)} MB/s`)
  console.log(`to NDJSON, compat      ${speed(best.compat).toFixed(1)} MB/s`)
  return {
    pages: pages.length,
    bytes,
    ratio,
    ratio_compat: best.parse / best.compat,
    limit,
    passed: ratio >= limit,
  }
}
