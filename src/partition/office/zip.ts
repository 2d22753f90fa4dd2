/**
 * Reads the ZIP archives that office documents and e-books are, and refuses those that are made to exhaust their reader.
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { OutflowError } from '../../model/errors.ts'
import { damaged, encrypted, tooMuch } from '../problems.ts'

/** What an archive may hold at most. */
export interface ZipLimits {
  readonly entries: number
  /** Inflated bytes of all that is read. */
  readonly bytes: number
  /** Inflated bytes for each packed one, beyond the first ten million. */
  readonly ratio: number
}

const usualLimits: ZipLimits = { entries: 20_000, bytes: 512_000_000, ratio: 200 }
/** A ratio says nothing of small files: ten million equal letters are a legal sheet. */
const ratioFree = 10_000_000

export interface Zip {
  /** Names of the entries, with `/`, in the order of the archive; folders left out. */
  readonly names: readonly string[]
  has(name: string): boolean
  /** @throws {OutflowError} codes `file.damaged`, `file.too_much`, `file.encrypted`; `undefined` when there is no such entry */
  read(name: string): Promise<Buffer | undefined>
  /** As text: UTF-8, or UTF-16 with its mark. */
  text(name: string): Promise<string | undefined>
}

/** What an office document comes in instead of an archive when it is encrypted ([MS-OFFCRYPTO] 2.3). */
const isCompoundFile = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0

/**
 * @param what the format, for messages: `Word document`
 * @throws {OutflowError} codes `file.damaged`, `file.encrypted`, `file.too_much`
 */
export async function openZip(
  bytes: Uint8Array,
  what: string,
  limits: ZipLimits = usualLimits,
): Promise<Zip> {
  if (isCompoundFile(bytes)) throw encrypted(what)
  const entries = new Map<string, Entry>()
  const archive = await open(bytes, what)
  await list(archive, what, (entry) => {
    if (entry.fileName.endsWith('/')) return
    if (entries.size >= limits.entries)
      throw tooMuch(what, `more than ${limits.entries.toLocaleString('en')} entries`)
    if (!entries.has(entry.fileName)) entries.set(entry.fileName, entry)
  })
  let inflated = 0

  /** Names differ by more than their case in packages of Office (ECMA-376 part 2, 6.2.2.3), so an exact one comes first. */
  const byLowerCase = new Map([...entries].reverse().map(([name, entry]) => [name.toLowerCase(), entry]))
  const entryOf = (name: string) => entries.get(name) ?? byLowerCase.get(name.toLowerCase())

  async function read(name: string): Promise<Buffer | undefined> {
    const entry = entryOf(name)
    if (!entry) return undefined
    if (entry.isEncrypted()) throw encrypted(what)
    const { uncompressedSize: size, compressedSize: packed } = entry
    if (size > ratioFree && size / Math.max(packed, 1) > limits.ratio)
      throw tooMuch(what, `an entry that is packed more than ${limits.ratio} times`)
    inflated += size
    if (inflated > limits.bytes)
      throw tooMuch(what, `more than ${limits.bytes / 1_000_000} MB when it is unpacked`)
    return inflate(archive, entry, what)
  }

  return {
    names: [...entries.keys()],
    has: (name) => entryOf(name) !== undefined,
    read,
    async text(name) {
      const content = await read(name)
      return content && decode(content)
    },
  }
}

function open(bytes: Uint8Array, what: string): Promise<ZipFile> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(
      buffer,
      { lazyEntries: true, validateEntrySizes: true, strictFileNames: false },
      (error, archive) => {
        if (error) reject(damaged(what, reasonOf(error), error))
        else resolve(archive)
      },
    )
  })
}

function list(archive: ZipFile, what: string, take: (entry: Entry) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.on('error', (error) => reject(damaged(what, reasonOf(error), error)))
    archive.on('end', () => resolve())
    archive.on('entry', (entry) => {
      try {
        take(entry)
        archive.readEntry()
      } catch (thrown) {
        reject(thrown)
      }
    })
    archive.readEntry()
  })
}

/** A size that the archive understates is an error of yauzl's, so nothing beyond it is held. */
function inflate(archive: ZipFile, entry: Entry, what: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    archive.openReadStream(entry, (failed, stream) => {
      if (failed) return reject(damaged(what, reasonOf(failed), failed))
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('error', (error) => reject(damaged(what, reasonOf(error), error)))
      stream.on('end', () => resolve(Buffer.concat(parts)))
    })
  })
}

const reasonOf = (error: unknown): string =>
  (error instanceof OutflowError || error instanceof Error ? error.message : String(error)).replace(/\.$/, '')

function decode(content: Buffer): string {
  const encoding =
    content[0] === 0xff && content[1] === 0xfe
      ? 'utf-16le'
      : content[0] === 0xfe && content[1] === 0xff
        ? 'utf-16be'
        : 'utf-8'
  return new TextDecoder(encoding).decode(content)
}
