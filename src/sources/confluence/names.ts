/**
 * Names of people: remembered from wherever they came along, the rest asked in bulk.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import { createGathering } from '../../util/gather.ts'
import type { ConfluenceApi, Person } from './api.ts'

export interface Names {
  remember(person: Person | undefined): void
  get(id: string): string | undefined
  /** Those that are unknown to the site are absent from the answer, and not asked for again. */
  find(ids: readonly string[]): Promise<ReadonlyMap<string, string>>
}

export function createNames(api: Pick<ConfluenceApi, 'userNames'>, context: CallContext): Names {
  const known = new Map<string, string>()
  const unknown = new Set<string>()
  const ask = createGathering((ids) => api.userNames(ids, context))

  async function learn(id: string): Promise<void> {
    const name = await ask(id)
    if (name === undefined) unknown.add(id)
    else known.set(id, name)
  }

  return {
    remember(person) {
      if (person) known.set(person.id, person.name)
    },
    get: (id) => known.get(id),
    async find(ids) {
      const open = new Set(ids.filter((id) => !known.has(id) && !unknown.has(id)))
      await Promise.all([...open].map(learn))
      return new Map(ids.flatMap((id) => (known.has(id) ? [[id, known.get(id)!] as const] : [])))
    },
  }
}
