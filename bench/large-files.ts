/**
 * The largest files of each format that people attach, made here: what a process that reads one of them holds at most, beside what it holds
 * when it reads a small one, and how much of it a second. Each is read in a process of its own.
 *
 * The peak is given twice: whole, with Node itself, and what reading adds to it.
 *
 * @module
 */

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { docxOf } from '../src/sandbox/files/docx.ts'
import { epubOf } from '../src/sandbox/files/epub.ts'
import { odtOf } from '../src/sandbox/files/odt.ts'
import { pdfOf, textAt } from '../src/sandbox/files/pdf.ts'
import { pptxOf } from '../src/sandbox/files/pptx.ts'
import { double, record, words, xlsOf } from '../src/sandbox/files/xls.ts'
import { xlsxOf } from '../src/sandbox/files/xlsx.ts'
import type { MeasuredFile } from './measure-file.ts'
import { options } from './options.ts'

/** Megabytes of a whole process. */
const limit = 512

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
const sentence = (index: number) => `The rider ${index} came home over the cape before the rain began.`
const sentences = (count: number, wrap: (text: string) => string) =>
  times(count, (index) => wrap(sentence(index))).join('')

const slide = (index: number) =>
  ({
    shapes: times(
      12,
      (line) =>
        `<p:sp><p:nvSpPr><p:nvPr/></p:nvSpPr><p:txBody><a:p><a:r><a:t>${sentence(index * 12 + line)}</a:t></a:r></a:p></p:txBody></p:sp>`,
    ).join(''),
  }) as const

/** 2,000 rows of ten cells. */
const sheetRows = `<sheetData>${times(
  2000,
  (row) => `<row>${times(10, (column) => `<c><v>${row * column * 1.25}</v></c>`).join('')}</row>`,
).join('')}</sheetData>`

const page = (index: number) => ({
  content: times(45, (line) => textAt(72, 750 - line * 15, sentence(index * 45 + line), 10)).join('\n'),
})

const mail = (lines: number) =>
  [
    ...['From: a@example.com', 'To: b@example.com', 'Subject: All', 'Content-Type: text/plain', '', ''],
    ...times(lines, (index) => `${sentence(index)}\r\n`),
  ].join('\r\n')

/** By file name, with what makes it large. */
const files: Readonly<Record<string, readonly [what: string, make: () => Uint8Array | string]>> = {
  'large.pdf': ['300 pages', () => pdfOf({ pages: times(300, page) })],
  'large.xlsx': [
    '100 sheets of 20,000 cells',
    () => xlsxOf({ sheets: times(100, () => ({ inside: sheetRows })) }),
  ],
  'large.xls': [
    '20,000 rows',
    () =>
      xlsOf({
        sheets: [
          times(200_000, (index) =>
            record(0x02_03, words(Math.floor(index / 10), index % 10, 0), double(index * 1.25)),
          ),
        ],
      }),
  ],
  'large.docx': [
    '20,000 paragraphs',
    () => docxOf({ body: sentences(20_000, (text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`) }),
  ],
  'large.odt': [
    '20,000 paragraphs',
    () => odtOf({ body: sentences(20_000, (text) => `<text:p>${text}</text:p>`) }),
  ],
  'large.pptx': ['500 slides', () => pptxOf({ slides: times(500, slide) })],
  'large.epub': [
    '40 chapters of 500 paragraphs',
    () => epubOf({ chapters: times(40, () => sentences(500, (text) => `<p>${text}</p>`)) }),
  ],
  'large.html': ['20,000 paragraphs', () => sentences(20_000, (text) => `<p>${text}</p>`)],
  'large.md': ['20,000 paragraphs', () => sentences(20_000, (text) => `${text}\n\n`)],
  'large.txt': ['20,000 paragraphs', () => sentences(20_000, (text) => `${text}\n\n`)],
  'large.rtf': ['20,000 paragraphs', () => `{\\rtf1\\ansi ${sentences(20_000, (text) => `${text}\\par\n`)}}`],
  'large.csv': [
    '100,000 rows',
    () => times(100_000, (row) => `${row},${row * 2},${sentence(row)}\n`).join(''),
  ],
  'large.json': [
    '50,000 values',
    () => JSON.stringify(times(50_000, (index) => ({ index, text: sentence(index) }))),
  ],
  'large.xml': ['20,000 elements', () => `<all>${sentences(20_000, (text) => `<one>${text}</one>`)}</all>`],
  'large.eml': ['20,000 lines', () => mail(20_000)],
}

/** `--only ENDING`: of one format. */
export default async function benchmarkLargeFiles(args: string[]): Promise<Record<string, unknown>> {
  const { only } = options(args, { only: '' })
  const folder = await mkdtemp(join(tmpdir(), 'outflow-bench-'))
  const rows: Record<string, MeasuredFile & { readonly megabytes: number }> = {}
  console.log(
    [
      'file'.padEnd(14),
      'of'.padEnd(32),
      ...['MB', 'elements', 'MB/s', 'peak MB', 'added MB'].map((name) => name.padStart(10)),
    ].join(''),
  )
  try {
    for (const [name, [what, make]] of Object.entries(files)) {
      if (!name.endsWith(only)) continue
      const path = join(folder, name)
      const content = make()
      await writeFile(path, content)
      const measured = await measure(path)
      const megabytes = Buffer.byteLength(content) / 1_000_000
      const { elements, seconds, peak_megabytes, added_megabytes } = measured
      const figures = [megabytes.toFixed(1), String(elements), (megabytes / seconds).toFixed(1)]
      const memory = [peak_megabytes, added_megabytes].map((value) => value.toFixed(0))
      console.log(
        [name.padEnd(14), what.padEnd(32), ...[...figures, ...memory].map((each) => each.padStart(10))].join(
          '',
        ),
      )
      rows[name] = { megabytes, ...measured }
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  const limited = ['large.pdf', 'large.xlsx'].flatMap((name) => rows[name]?.peak_megabytes ?? [])
  return { rows, limit, ok: limited.every((peak) => peak < limit) }
}

async function measure(path: string): Promise<MeasuredFile> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'measure-file.ts'),
    path,
  ])
  return JSON.parse(stdout) as MeasuredFile
}
