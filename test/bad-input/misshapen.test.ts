import { describe, expect, it } from 'vitest'
import type { DocumentPermissions } from '../../src/model/permissions.ts'
import { dataCenterWorld } from '../../src/sandbox/data-center/world.ts'
import { sampleWorld } from '../../src/sandbox/index.ts'
import { audit, spellings } from '../permissions/audit.ts'
import { flavours, type Tried, tryRun } from './trying.ts'

/** To misplace a page by a well-formed lie is not to be misshapen: a null parent says that there is none. */
const believed = new Set(['parentId'])

/** Takes fields out of an answer, or puts nothing or a number in their place; here and there. */
function misshape(value: unknown, random: () => number): number {
  if (typeof value !== 'object' || value === null) return 0
  const fields = value as Record<string, unknown>
  let changed = 0
  for (const name of Object.keys(fields)) {
    if (believed.has(name)) continue
    if (random() > 0.01) changed += misshape(fields[name], random)
    else {
      changed++
      fields[name] = [undefined, null, 42][Math.floor(random() * 3)]
    }
  }
  return changed
}

function emittedBy({ files }: Tried) {
  return [...files.values()].map(([first]) => {
    const { record_locator, permissions_data } = first!.metadata.data_source!
    return {
      id: record_locator!.document_id!,
      permissions: { data: permissions_data } as DocumentPermissions,
    }
  })
}

describe.each(flavours)('answers of %s with holes in them', (flavour) => {
  it.each([1, 2, 3, 4, 5, 6])(
    'cost what they are about at most, and let nobody in (seed %i)',
    async (seed) => {
      const world = sampleWorld({ flavour })
      const truth = flavour === 'cloud' ? world : dataCenterWorld(world)
      const random = numbers(seed)
      let changed = 0
      const tried = await tryRun({
        world,
        flavour,
        rewrite: ({ results }) => {
          changed += misshape(results, random)
        },
      })
      expect(changed).toBeGreaterThan(20)
      expect(tried.job.error).toBeUndefined()
      expect(tried.job.coverage.done).toBeGreaterThan(60)
      expect(tried.notDone.filter(({ error }) => error?.kind === 'bug')).toEqual([])
      const emitted = emittedBy(tried).filter(({ id }) => truth.node(id))
      const { wrong } = audit(truth, emitted, spellings[flavour])
      expect(wrong.filter(({ kind }) => kind === 'over-grant')).toEqual([])
    },
  )
})

/** The same numbers from 0 to 1 for the same seed. */
function numbers(seed: number): () => number {
  let state = seed * 7919
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}
