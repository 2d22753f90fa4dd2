/**
 * Names of people: remembered from wherever they came along, the rest asked in bulk.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { ConfluenceApi, Person } from './api.ts'

export interface Names {
  remember(person: Person | undefined): void
  get(id: string): string | undefined
  /** Those that are unknown to the site are absent from the answer, and not asked for again. */
  find(ids: readonly string[]): Promise<ReadonlyMap<string, string>>
}

/** How long to wait for others to ask too, in milliseconds: many pages are rendered at once. */
const gathering = 5

export function createNames(api: Pick<ConfluenceApi, 'userNames'>, context: CallContext): Names {
  const known = new Map<string, string>()
  const unknown = new Set<string>()
  const asked = new Map<string, Promise<void>>()
  let next: Set<string> | undefined

  function ask(id: string): Promise<void> {
    const underway = asked.get(id)
    if (underway) return underway
    if (!next) {
      next = new Set()
      round = later(gathering).then(send)
    }
    next.add(id)
    const answer = round.finally(() => asked.delete(id))
    asked.set(id, answer)
    return answer
  }

  let round: Promise<void> = Promise.resolve()

  async function send(): Promise<void> {
    const ids = [...(next ?? [])]
    next = undefined
    const found = await api.userNames(ids, context)
    for (const id of ids) {
      const name = found.get(id)
      if (name === undefined) unknown.add(id)
      else known.set(id, name)
    }
  }

  return {
    remember(person) {
      if (person) known.set(person.id, person.name)
    },
    get: (id) => known.get(id),
    async find(ids) {
      const open = new Set(ids.filter((id) => !known.has(id) && !unknown.has(id)))
      await Promise.all([...open].map(ask))
      return new Map(ids.flatMap((id) => (known.has(id) ? [[id, known.get(id)!] as const] : [])))
    },
  }
}

const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
