import { afterAll, describe, expect, it } from 'vitest'
import { openZip } from '../../src/partition/office/zip.ts'
import { openPartitioner } from '../../src/partition/partition.ts'
import { zipOf } from '../../src/sandbox/files/zip.ts'
import { samples } from '../files/samples.ts'
import { mutated, randomOf } from './mutations.ts'

/** Broken files of each format; `OUTFLOW_TEST_FUZZ=5000 npm test -- test/hostile` for the full count. */
const count = Number(process.env.OUTFLOW_TEST_FUZZ ?? 60)
const limits = { seconds_per_document: 20, memory_per_document: 512, threads: 2 }
const partitioner = openPartitioner(limits)
afterAll(() => partitioner.close())

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

describe.each(Object.keys(samples))('%s', (name) => {
  it('is read', async () => {
    expect((await partitioner.partition(samples[name]!, { filename: name })).length).toBeGreaterThan(0)
  })

  it(`broken in ${count} ways is read as far as it goes, or refused`, { timeout: 600_000 }, async () => {
    const findings: string[] = []
    for (let seed = 1; seed <= count; seed += 1) {
      const found = await finding(name, await broken(name, samples[name]!, seed))
      if (found !== undefined) findings.push(`seed ${seed}: ${found}`)
    }
    expect(findings).toEqual([])
  })
})
