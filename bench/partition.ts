/**
 * HTML to NDJSON elements with ids and hierarchy, against the bare parser on the same pages in the same process; language
 * detection, which depends on the language more than on the HTML, is told apart.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Parser } from 'htmlparser2'
import { createElementWriter } from '../src/model/element-bytes.ts'
import type { Mode } from '../src/partition/html/roles.ts'
import { partitionHtml } from '../src/partition/html.ts'
import { options } from './options.ts'

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

const writeElements = createElementWriter('ndjson')

async function partition({ html, filename }: Page, mode: Mode, languages: 'auto' | ''): Promise<void> {
  const url = `https://wiki.example.com/pages/${filename}`
  const elements = await partitionHtml({ text: html }, { mode, filename, url, languages: [languages] })
  if (writeElements(elements).length === 0 && html.length > 1000) throw new Error(`${filename}: no elements`)
}

/** Seconds for one pass over all pages. */
async function time(pages: readonly Page[], work: (page: Page) => unknown): Promise<number> {
  const start = performance.now()
  for (const page of pages) await work(page)
  return (performance.now() - start) / 1000
}

/**
 * `--corpus DIR` (default the shared pages, else our own), `--rounds N`. The sides take turns, pass by pass, and the best pass of
 * each counts: short passes find quiet moments of a busy machine.
 */
export default async function benchmarkPartition(args: string[]): Promise<Record<string, unknown>> {
  const { corpus, rounds } = options(args, { corpus: existsSync(shared) ? shared : ownPages, rounds: 400 })
  const pages = readPages(corpus)
  const bytes = pages.reduce((total, { html }) => total + Buffer.byteLength(html), 0)
  const sides = {
    'htmlparser2 alone': parseOnly,
    enhanced: (page: Page) => partition(page, 'enhanced', ''),
    'enhanced, languages': (page: Page) => partition(page, 'enhanced', 'auto'),
    compat: (page: Page) => partition(page, 'compat', ''),
  }
  const best = new Map<string, number>()
  for (let round = 0; round < rounds; round++)
    for (const [side, work] of Object.entries(sides))
      best.set(side, Math.min(best.get(side) ?? Infinity, await time(pages, work)))
  const ratioOf = (side: keyof typeof sides) => best.get('htmlparser2 alone')! / best.get(side)!
  console.log(`${pages.length} pages, ${bytes} bytes of ${corpus}`)
  for (const [side, seconds] of best)
    console.log(`${side.padEnd(22)}${(bytes / seconds / 1e6).toFixed(1)} MB/s`)
  const ratio = ratioOf('enhanced')
  return {
    ...{ pages: pages.length, bytes, ratio, limit, passed: ratio >= limit },
    ...{ ratio_with_languages: ratioOf('enhanced, languages'), ratio_compat: ratioOf('compat') },
  }
}
