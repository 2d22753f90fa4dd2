/**
 * The child that a benchmark measures: one file read, as a thread reads it, and what it took. The path comes in the first argument.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import { defaultFileOptions } from '../src/partition/options.ts'
import { readElements } from '../src/partition/read.ts'

export interface MeasuredFile {
  readonly elements: number
  readonly seconds: number
  /** Of the whole process. */
  readonly peak_megabytes: number
  /** What reading added to it. */
  readonly added_megabytes: number
}

const peak = () => process.resourceUsage().maxRSS / 1024
const path = process.argv[2]!
const context = { signal: new AbortController().signal, lose: () => {} }
const settings = { ...defaultFileOptions(), languages: [''] }

await readElements({ bytes: Buffer.from('warm'), filename: 'a.txt' }, settings, context)
const before = peak()
const start = performance.now()
const elements = await readElements({ bytes: await readFile(path), filename: path }, settings, context)
const measured: MeasuredFile = {
  elements: elements.length,
  seconds: (performance.now() - start) / 1000,
  peak_megabytes: peak(),
  added_megabytes: peak() - before,
}
console.log(JSON.stringify(measured))
