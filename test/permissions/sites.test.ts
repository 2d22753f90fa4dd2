import { describe, expect, it } from 'vitest'
import { generatedWorld } from '../../src/sandbox/generated.ts'
import { sampleWorld } from '../../src/sandbox/sample/sample-world.ts'
import type { World } from '../../src/sandbox/world.ts'
import { audit, spellings } from './audit.ts'
import { crawl, type Flavour, serving } from './crawl.ts'

const sites: readonly (readonly [string, Flavour, () => World])[] = [
  ['the sample wiki', 'cloud', () => sampleWorld({ flavour: 'cloud' })],
  ['the sample wiki', 'data-center', () => sampleWorld({ flavour: 'data-center' })],
  ['a generated site', 'cloud', () => generatedWorld({ pages: 400, spaces: 3, seed: 7 })],
  ['a generated site', 'data-center', () => generatedWorld({ pages: 400, spaces: 3, seed: 7 })],
]

describe('permissions of sites that look like real ones', () => {
  it.each(sites)('are complete and exact on %s (%s)', { timeout: 60_000 }, async (_name, flavour, make) => {
    const options = { world: make(), flavour }
    const { emitted, truth } = await serving(options, (sandbox) => crawl(sandbox, options))
    const { wrong, compared, allowed } = audit(truth, emitted, spellings[flavour])
    expect(wrong).toEqual([])
    expect(emitted.filter(({ permissions }) => permissions.status !== 'complete')).toEqual([])
    expect(compared).toBeGreaterThan(1000)
    expect(allowed).toBeGreaterThan(100)
  })

  it('are worked out once for all pages with the same layers', async () => {
    const options = { world: generatedWorld({ pages: 400, spaces: 2, seed: 7 }), flavour: 'cloud' } as const
    const { emitted } = await serving(options, (sandbox) => crawl(sandbox, options))
    const different = new Set(emitted.map(({ permissions }) => permissions))
    expect(different.size).toBeLessThan(emitted.length / 5)
  })
})
