/**
 * Names of people: remembered from wherever they came along, the rest asked in bulk.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import { OutflowError } from '../../model/errors.ts'
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
  const ask = createGathering(askForAll)

  /** An id that the site chokes on, as a page's author may write it, costs only its own name. */
  async function askForAll(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    try {
      return await api.userNames(ids, context)
    } catch (thrown) {
      if (!(thrown instanceof OutflowError) || thrown.code !== 'http.rejected') throw thrown
      if (ids.length === 1) return new Map()
      const half = Math.ceil(ids.length / 2)
      const parts = await Promise.all([askForAll(ids.slice(0, half)), askForAll(ids.slice(half))])
      return new Map(parts.flatMap((part) => [...part]))
    }
  }

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
