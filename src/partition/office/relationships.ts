/**
 * Relationships: how the parts of an OOXML package name each other and what is outside.
 *
 * @module
 */

import { parseOffice } from './namespaces.ts'
import { childrenOf } from './xml.ts'
import type { Zip } from './zip.ts'

interface Relationship {
  /** Last part of the type's address, equal for both kinds of OOXML: `image`, `hyperlink`, `officeDocument`. */
  readonly type: string
  /** Name of an entry in the archive; an address when external. */
  readonly target: string
  readonly external: boolean
}

/** By id. */
export type Relationships = ReadonlyMap<string, Relationship>

/**
 * The relationships of one part; none when it has none. Targets that lead out of the archive are left out.
 *
 * @param part name of an entry: `word/document.xml`; empty = the package itself
 * @param what the format, for messages
 * @throws {OutflowError} kind `content`
 */
export async function relationshipsOf(archive: Zip, part: string, what: string): Promise<Relationships> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1)
  const text = await archive.text(`${folder}_rels/${part.slice(folder.length)}.rels`)
  const found = new Map<string, Relationship>()
  if (text === undefined) return found
  for (const { name, attributes } of childrenOf(parseOffice(text, what))) {
    const { Id: id, Type: type = '', Target: target = '' } = attributes
    if (name !== 'Relationship' || id === undefined || found.has(id)) continue
    const external = attributes.TargetMode?.toLowerCase() === 'external'
    const resolved = external ? target : entryName(folder, target)
    if (resolved !== undefined)
      found.set(id, { type: type.slice(type.lastIndexOf('/') + 1), target: resolved, external })
  }
  return found
}

/** The first part of this package that is related in this way. */
export function relatedPart(relationships: Relationships, type: string): string | undefined {
  for (const each of relationships.values()) if (each.type === type && !each.external) return each.target
  return undefined
}

/** A target as the name of an entry; undefined when it leads out of the archive. */
function entryName(folder: string, target: string): string | undefined {
  const path = target.split(/[?#]/, 1)[0]!.replaceAll('\\', '/')
  const steps: string[] = []
  for (const step of (path.startsWith('/') ? path : folder + path).split('/')) {
    if (step === '..') {
      if (steps.pop() === undefined) return undefined
    } else if (step !== '' && step !== '.') steps.push(step)
  }
  return steps.length === 0 ? undefined : steps.join('/')
}
