/**
 * The destination held against the wiki: whoever is let in by a document's permissions may open it now, and everything whose words or
 * title are in it.
 *
 * @module
 */

import type { Element } from '../../src/model/element.ts'
import type { DocumentPermissions } from '../../src/model/permissions.ts'
import { viewerOf } from '../../src/sandbox/access.ts'
import type { World } from '../../src/sandbox/world.ts'
import { audit, type Emitted, lets, namesOf, spellings, visitorsOf } from '../permissions/audit.ts'
import type { Flavour } from './scene.ts'

/** @param truth what the sandbox decides by @param all the world with everything in it, whatever the flavour can hold */
export function problemsIn(
  truth: World,
  all: World,
  stored: ReadonlyMap<string, readonly Element[]>,
  flavour: Flavour,
): readonly string[] {
  const spelling = spellings[flavour]
  const problems: string[] = []
  for (const [path, elements] of stored) {
    const source = elements[0]?.metadata.data_source
    if (!source) continue
    const id = source.record_locator!.page_id ?? source.record_locator!.document_id!
    const permissions = permissionsIn(source)
    const [{ read }] = permissions.data
    if (!truth.node(id)) {
      if (read.users.length + read.groups.length > 0) problems.push(`open, and not there: ${path}`)
      continue
    }
    const { wrong } = audit(truth, [{ id, permissions }], spelling)
    for (const { kind, who, operation } of wrong)
      if (
        kind === 'over-grant'
          ? operation === 'read' || isCurrent(truth, id)
          : source.permissions_status === 'complete' && isCurrent(truth, id)
      )
        problems.push(`${kind}: ${who} ${operation} ${path}`)
    const text = JSON.stringify(elements)
    const shown = idsIn(text, 'Body')
    const named = idsIn(text, 'Title')
    for (const visitor of visitorsOf(truth)) {
      if (!lets(read, namesOf(visitor, truth, spelling))) continue
      const viewer = viewerOf(truth, visitor)
      const may = (one: string) => {
        const node = all.node(one)
        return node !== undefined && viewer.may('read', truth.node(one) ?? node)
      }
      const who = visitor?.displayName ?? 'anonymous'
      for (const one of shown) if (!may(one)) problems.push(`leak: ${who} reads words of ${one} in ${path}`)
      const texts = [...shown, id].map((one) => all.storage(one)).join()
      for (const one of named)
        if (!may(one) && !texts.includes(`Title${one}x`))
          problems.push(`leak: ${who} reads the title of ${one} in ${path}`)
    }
  }
  return problems
}

const isCurrent = (world: World, id: string) => world.node(id)?.status === 'current'

const permissionsIn = (source: NonNullable<Element['metadata']['data_source']>): Emitted['permissions'] =>
  ({
    data: source.permissions_data!,
    status: source.permissions_status!,
    rules: source.permissions_rules!,
  }) as DocumentPermissions

function idsIn(text: string, mark: string): ReadonlySet<string> {
  return new Set([...text.matchAll(new RegExp(`${mark}(\\d+)x`, 'g'))].map(([, id]) => id!))
}
