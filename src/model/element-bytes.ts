/**
 * Elements as the bytes of a file. What all elements of a document share, above all the `data_source` with its permissions, is
 * several times the size of their texts: it is turned into JSON once, and copied as bytes from then on.
 *
 * @module
 */

import type { DataSource, Element } from './element.ts'

/** Room for most documents. What a larger one needed is given back after it. */
const usualSize = 1024 * 1024

/** UTF-8 bytes of one UTF-16 unit, at most. */
const mostBytesPerUnit = 3

interface Bytes {
  clear(): void
  length(): number
  text(text: string): void
  /** Once more what stands there already. */
  again(from: number, to: number): void
  /** Valid until cleared. */
  written(): Uint8Array
}

/** Bytes that grow at their end; the memory is used again from the beginning for each document. */
function createBytes(): Bytes {
  let bytes = Buffer.allocUnsafeSlow(usualSize)
  let length = 0

  function reserve(more: number): void {
    if (length + more <= bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * bytes.length, length + more))
    bytes.copy(larger, 0, 0, length)
    bytes = larger
  }

  return {
    length: () => length,
    clear() {
      if (bytes.length > usualSize) bytes = Buffer.allocUnsafeSlow(usualSize)
      length = 0
    },
    text(text) {
      reserve(text.length * mostBytesPerUnit)
      length += bytes.write(text, length)
    },
    again(from, to) {
      reserve(to - from)
      bytes.copyWithin(length, from, to)
      length += to - from
    },
    written: () => bytes.subarray(0, length),
  }
}

interface Field {
  readonly name: string
  value: unknown
  json: string
}

type Fields = (object: object, except: string) => string

/**
 * Writes objects as `"key":value,` for each key. A value that the object before had, too, is not turned into JSON again: elements
 * share file name, languages, ancestors, heading path and the like.
 */
function createFields(): Fields {
  const last = new Map<string, Field>()

  function fieldOf(key: string, value: unknown): string {
    let field = last.get(key)
    if (field === undefined) {
      field = { name: `${JSON.stringify(key)}:`, value: undefined, json: '' }
      last.set(key, field)
    }
    if (field.value !== value) {
      field.value = value
      field.json = `${field.name}${JSON.stringify(value)},`
    }
    return field.json
  }

  return (object, except) => {
    let fields = ''
    for (const key in object) {
      const value = object[key as keyof typeof object] as unknown
      if (key !== except && value !== undefined) fields += fieldOf(key, value)
    }
    return fields
  }
}

/** What stands around and between elements. */
const frames = {
  json: { before: '[\n', between: ',\n', after: '\n]\n', empty: '[]\n' },
  ndjson: { before: '', between: '\n', after: '', empty: '' },
} as const

function writeElements(elements: readonly Element[], format: 'json' | 'ndjson', bytes: Bytes): void {
  const { before, between, after, empty } = frames[format]
  const fields = createFields()
  let shared: DataSource | undefined
  let from = 0
  let to = 0

  function writeSource(source: DataSource): void {
    if (source === shared) bytes.again(from, to)
    else {
      shared = source
      from = bytes.length()
      bytes.text(JSON.stringify(source))
      to = bytes.length()
    }
  }

  /** Put off until the next source, so that the bytes are asked twice an element, not more. */
  let text: string = before
  for (const element of elements) {
    const { data_source: source } = element.metadata
    if (source === undefined) {
      bytes.text(text + JSON.stringify(element))
      text = ''
    } else {
      text += `{${fields(element, 'metadata')}"metadata":{`
      bytes.text(`${text}${fields(element.metadata, 'data_source')}"data_source":`)
      writeSource(source)
      text = '}}'
    }
    text += between
  }
  bytes.text(elements.length === 0 ? empty : text.slice(0, text.length - between.length) + after)
}

/**
 * Writes elements as the content of a file: one element a line, UTF-8, keys as they came but for `data_source`, which comes last;
 * `json` makes the lines one array. NDJSON ends without a line break, as the reference's.
 *
 * @returns a writer; its answer is valid until it is called again
 */
export function createElementWriter(format: 'json' | 'ndjson'): (elements: readonly Element[]) => Uint8Array {
  const bytes = createBytes()
  return (elements) => {
    bytes.clear()
    writeElements(elements, format, bytes)
    return bytes.written()
  }
}
