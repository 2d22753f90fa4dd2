/**
 * Files of each format to elements: in the thread that asks, through the threads that jobs use, and, where a format has one, against the bare
 * parser under it.
 *
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { Parser } from 'htmlparser2'
import { Marked } from 'marked'
import Papa from 'papaparse'
import PostalMime from 'postal-mime'
import { openZip } from '../src/partition/office/zip.ts'
import { defaultFileOptions } from '../src/partition/options.ts'
import { openPartitioner } from '../src/partition/partition.ts'
import { withDocument, withPage } from '../src/partition/pdf/document.ts'
import { readElements } from '../src/partition/read.ts'
import { samples } from '../test/files/samples.ts'
import { options } from './options.ts'

// A default export of CommonJS: required, it is the same thing to all that load it.
const { default: MsgReader } = createRequire(import.meta.url)(
  '@kenjiuno/msgreader',
) as typeof import('@kenjiuno/msgreader')

/** The least that a parser does with a file of a kind. */
const bare: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  '.html': (bytes) => new Parser({}).end(bytes.toString()),
  '.xml': (bytes) => new Parser({}, { xmlMode: true }).end(bytes.toString()),
  '.md': (bytes) => new Marked().parse(bytes.toString()),
  '.csv': (bytes) => Papa.parse(bytes.toString()),
  '.json': (bytes) => JSON.parse(bytes.toString()) as unknown,
  '.eml': (bytes) => PostalMime.parse(bytes),
  '.docx': parts,
  '.odt': parts,
  '.epub': parts,
  '.pptx': parts,
  '.xlsx': parts,
  '.tsv': (bytes) => Papa.parse(bytes.toString(), { delimiter: '\t' }),
  '.ndjson': (bytes) =>
    bytes
      .toString()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown),
  '.msg': (bytes) => new MsgReader(Uint8Array.from(bytes).buffer).getFileData(),
  '.pdf': pdfText,
}

/** PDFium finds the characters of each page, and tells them nobody. */
function pdfText(bytes: Buffer): Promise<void> {
  return withDocument(bytes, undefined, async (document) => {
    const { pdfium } = document
    for (let index = 0; index < document.pages; index += 1)
      await withPage(document, index, async ({ handle }) =>
        pdfium.FPDFText_ClosePage(pdfium.FPDFText_LoadPage(handle)),
      )
  })
}

/** Unpacks the parts that are XML, and tells their tags to nobody. */
async function parts(bytes: Buffer): Promise<void> {
  const archive = await openZip(bytes, 'archive')
  for (const name of archive.names)
    if (/\.x(?:ht)?ml$/.test(name)) new Parser({}, { xmlMode: true }).end((await archive.text(name)) ?? '')
}

/** `--files DIR` (default: small ones, made here), `--seconds N` for each figure. */
export default async function benchmarkFormats(args: string[]): Promise<Record<string, unknown>> {
  const { files, seconds } = options(args, { files: '', seconds: 1 })
  const partitioner = openPartitioner({ languages: [''] })
  const rows: Record<string, Record<string, number>> = {}
  console.log(
    [
      'file'.padEnd(30),
      ...['docs/s', 'MB/s', 'in threads', 'of bare parser'].map((name) => name.padStart(15)),
    ].join(''),
  )
  try {
    for (const [name, bytes] of Object.entries(files === '' ? samples : filesIn(files))) {
      const signal = new AbortController().signal
      const settings = { ...defaultFileOptions(), languages: [''] }
      const here = await rate(seconds, () =>
        readElements({ bytes, filename: name }, settings, { signal, lose: () => {} }),
      )
      const there = await rate(seconds, () => partitioner.partition(bytes, { filename: name }))
      const parse = bare[extname(name).toLowerCase()]
      const alone = parse && (await rate(seconds, async () => parse(bytes)))
      if (here === undefined || there === undefined) continue
      const ratio = alone === undefined ? undefined : here / alone
      const megabytes = (here * bytes.length) / 1_000_000
      const figures = [here.toFixed(1), megabytes.toFixed(2), there.toFixed(1), ratio?.toFixed(2) ?? '']
      console.log(name.padEnd(30) + figures.map((figure) => figure.padStart(15)).join(''))
      rows[name] = {
        here: rounded(here),
        megabytes: rounded(megabytes),
        threads: rounded(there),
        ...(ratio !== undefined && { ratio: rounded(ratio) }),
      }
    }
  } finally {
    await partitioner.close()
  }
  return { rows }
}

const filesIn = (folder: string): Record<string, Buffer> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]))

/** Times a second, once warm; `undefined` for a file that is not read. */
async function rate(seconds: number, work: () => Promise<unknown>): Promise<number | undefined> {
  try {
    await work()
  } catch {
    return undefined
  }
  const start = performance.now()
  let times = 0
  while (performance.now() - start < seconds * 1000) {
    await work()
    times += 1
  }
  return (times * 1000) / (performance.now() - start)
}

const rounded = (value: number) => Math.round(value * 100) / 100
