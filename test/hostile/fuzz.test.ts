import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { extname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openZip } from '../../src/partition/office/zip.ts'
import { openPartitioner } from '../../src/partition/partition.ts'
import { zipOf } from '../../src/sandbox/files/zip.ts'
import { createLimiter } from '../../src/util/limiter.ts'
import { samples } from '../files/samples.ts'
import { mutated, randomOf } from './mutations.ts'

/**
 * Broken files of each format, shared out among the good files of it. The full count, and over other files than the project's own:
 * `OUTFLOW_TEST_FUZZ=5000 OUTFLOW_TEST_FUZZ_FILES=DIR npm test -- test/hostile/fuzz`
 */
const count = Number(process.env.OUTFLOW_TEST_FUZZ ?? 60)
const folder = process.env.OUTFLOW_TEST_FUZZ_FILES
const files = folder === undefined ? samples : filesIn(folder)
const limits = { seconds_per_document: 20, memory_per_document: 512, threads: availableParallelism() }
const partitioner = openPartitioner(limits)
afterAll(() => partitioner.close())
const atOnce = createLimiter(limits.threads)
const { signal } = new AbortController()

/** Of an archive, one of its parts is broken half of the time: what is in it is read only where the archive is sound. */
async function broken(name: string, bytes: Buffer, seed: number): Promise<Buffer> {
  if (!/\.(?:docx|odt|epub|pptx|xlsx)$/.test(name) || seed % 2 === 0) return mutated(bytes, seed)
  const zip = await openZip(bytes, name)
  const chosen = zip.names[Math.floor(randomOf(seed)() * zip.names.length)]!
  const entries: Record<string, Uint8Array> = {}
  for (const part of zip.names) {
    const content = (await zip.read(part))!
    entries[part] = part === chosen ? mutated(content, seed) : content
  }
  return zipOf(entries)
}

/** What came of it, where that may not be. */
async function finding(name: string, bytes: Buffer): Promise<string | undefined> {
  try {
    await partitioner.partition(bytes, { filename: name })
    return undefined
  } catch (thrown) {
    const { kind, code, message, cause } = thrown as {
      kind: string
      code: string
      message: string
      cause?: Error
    }
    const isEnded = /reader (?:broke down|ended)|seconds of work|its reader may hold/.test(message)
    const isExpected = kind === 'content' && !isEnded
    return isExpected ? undefined : `${kind} ${code}: ${message} ${cause?.stack ?? ''}`
  }
}

function filesIn(path: string): Record<string, Buffer> {
  const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(entries.map(({ name }) => [name, readFileSync(join(path, name))]))
}

/** How many of the broken files are made from this one. */
function shareOf(name: string): number {
  const others = Object.keys(files).filter((other) => extname(other) === extname(name))
  return Math.ceil(count / others.length)
}

it.each(Object.keys(samples))('%s is read', async (name) => {
  expect((await partitioner.partition(samples[name]!, { filename: name })).length).toBeGreaterThan(0)
})

describe.each(Object.keys(files))('%s', (name) => {
  it('whole is read, or refused', async () => {
    expect(await finding(name, files[name]!)).toBeUndefined()
  })

  const share = shareOf(name)
  it(`broken in ${share} ways is read as far as it goes, or refused`, { timeout: 3_600_000 }, async () => {
    const seeds = Array.from({ length: share }, (_, index) => index + 1)
    const findings = await Promise.all(
      seeds.map((seed) =>
        atOnce.run(signal, async () => {
          const found = await finding(name, await broken(name, files[name]!, seed))
          return found === undefined ? [] : [`seed ${seed}: ${found}`]
        }),
      ),
    )
    expect(findings.flat()).toEqual([])
  })
})
