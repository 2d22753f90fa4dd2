import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Element } from '../../src/model/element.ts'
import { samples } from '../files/samples.ts'
import { outflow } from './outflow.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outflow-partition-'))
  for (const [name, bytes] of Object.entries(samples)) await writeFile(join(folder, name), bytes)
})

const partition = (...args: string[]) => outflow(['partition', ...args], { folder })
const elementsIn = (stdout: string) => JSON.parse(stdout) as Element[]

describe('outflow partition', () => {
  it('shows the elements of files', async () => {
    const { code, stdout } = await partition('a.docx', 'a.csv')
    expect(code).toBe(0)
    expect(stdout).toMatch(/a\.docx\nNarrativeText +We walked home\.\nTable +one two/)
    expect(stdout).toMatch(/a\.csv\nTable +size count/)
  })

  it('writes them as one array with --json', async () => {
    const { stdout } = await partition('a.docx', 'a.pdf', '--json')
    const names = elementsIn(stdout).map(({ metadata }) => metadata.filename)
    expect(new Set(names)).toEqual(new Set(['a.docx', 'a.pdf']))
  })

  it('takes the settings of partitioner and chunker as flags', async () => {
    const plain = elementsIn((await partition('a.csv', '--json', '--partition-mode', 'compat')).stdout)
    expect(plain[0]!.metadata.text_as_html).not.toContain('<th>')
    const flags = ['--chunking-strategy', 'basic', '--chunk-max-characters', '20', '--json']
    const chunks = elementsIn((await partition('a.txt', ...flags)).stdout)
    expect(chunks.map(({ type }) => type)).toContain('CompositeElement')
    for (const { text } of chunks) expect(text.length).toBeLessThanOrEqual(20)
  })

  it('refuses flags that nothing listens to', async () => {
    for (const args of [
      ['--chunk-overlap', '5'],
      ['--chunking-strategy', 'basic', '--chunk-similarity-threshold', '0.5'],
    ]) {
      const { code, stderr } = await partition('a.txt', ...args)
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('cli.no_chunker') })
    }
  })

  it('tells of each file that cannot be read, and goes on with the others', async () => {
    await writeFile(join(folder, 'noise.bin'), Buffer.from([0, 1, 2, 0]))
    const { code, stdout, stderr } = await partition('noise.bin', 'gone.txt', 'a.txt')
    expect(code).toBe(3)
    expect(stderr).toContain('file.unsupported')
    expect(stderr).toContain('local.not_there')
    expect(stdout).toContain('We sell lamps')
  })
})

it('outflow run local turns a folder into elements, for those who are named', async () => {
  const output = await mkdtemp(join(tmpdir(), 'outflow-local-out-'))
  const flags = ['--path', folder, '--groups', 'staff', '--output-dir', output, '--no-state', '--json']
  const { code, stdout } = await outflow(['run', 'local', ...flags])
  const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as { coverage: Record<string, number> }
  expect(code).toBe(0)
  expect(last.coverage).toMatchObject({ done: Object.keys(samples).length, failed: 0 })
})
