/**
 * Chunks by title of one page of 101 elements, tables among them, with and without the elements that each chunk was made of.
 *
 * @module
 */

import { chunkElements } from '../src/chunk/chunk.ts'
import type { Element, ElementType } from '../src/model/element.ts'
import { assignElementIds } from '../src/model/element-id.ts'
import { options } from './options.ts'

/** What has to be reached, in pages per second of one process. */
const limit = 1500

const sentence =
  'The new bracket is fitted from below, so that the wheel can stay on while the pads are changed.'
const listItem = 'Check the torque of both bolts'

const element = (type: ElementType, text: string, text_as_html?: string): Element => ({
  ...{ type, element_id: '', text },
  metadata: {
    ...{ filename: 'brakes.html', filetype: 'text/html', languages: ['eng'], heading_path: ['Brakes'] },
    data_source: { url: 'https://wiki.example.com/pages/1', version: '7' },
    ...(text_as_html !== undefined && { text_as_html }),
  },
})

/** Twelve rows of four cells. */
function table(number: number): Element {
  const rows = Array.from({ length: 12 }, (_, row) =>
    ['Part', 'Torque', 'Tool', 'Remark'].map((cell) => `${cell} ${number}.${row}`),
  )
  const html = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')
  return element('Table', rows.flat().join(' '), `<table>${html}</table>`)
}

function section(number: number): Element[] {
  const items = [1, 2, 3].map((each) => element('ListItem', `${listItem} ${each}`))
  return [
    element('Title', `Step ${number}`),
    ...[1, 2, 3, 4].map((each) => element('NarrativeText', `${sentence} ${sentence.slice(each * 9)}`)),
    ...items,
    ...(number % 2 === 0 ? [table(number)] : [element('NarrativeText', sentence)]),
  ]
}

function page(): Element[] {
  const elements = [
    ...Array.from({ length: 11 }, (_, at) => section(at)).flat(),
    ...[1, 2].map(() => element('NarrativeText', sentence)),
  ]
  assignElementIds(elements)
  return elements
}

/** `--rounds N`: passes of 50 pages; the sides take turns, and the best pass of each counts. */
export default async function benchmarkChunk(args: string[]): Promise<Record<string, unknown>> {
  const { rounds } = options(args, { rounds: 60 })
  const elements = page()
  const pages = 50
  const best = { without: 0, with: 0 }
  for (let round = 0; round < rounds; round++)
    for (const side of ['without', 'with'] as const) {
      const start = performance.now()
      for (let each = 0; each < pages; each++)
        await chunkElements(elements, { strategy: 'by_title', include_orig_elements: side === 'with' })
      best[side] = Math.max(best[side], (pages / (performance.now() - start)) * 1000)
    }
  const ratio = best.without / limit
  console.log(`${elements.length} elements, ${JSON.stringify(elements).length} bytes`)
  console.log(
    `without orig_elements ${best.without.toFixed(0)} pages/s, with ${best.with.toFixed(0)} pages/s`,
  )
  return {
    ...{ elements: elements.length, pages_per_second: best.without, limit, ratio, passed: ratio >= 1 },
    ratio_with_orig_elements: best.with / best.without,
  }
}
