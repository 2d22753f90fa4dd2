/**
 * The way to a page, and the gates on it: Confluence's documented rules and nothing else.
 *
 * - read: the space's view permission, AND every restricted ancestor's view restriction, AND the page's own.
 * - update: read, AND the space's permission to create this type of content, AND the page's own edit restriction.
 * - delete: read, AND the space's permission to delete this type of content, AND the page's own edit restriction.
 *
 * Edit restrictions never inherit. A restriction that names nobody restricts nobody; a space that grants to nobody admits nobody.
 *
 * @module
 */

import type { Grant, Restriction } from '../api.ts'
import { type Gate, gateOfGrants, gateOfRestriction, restricts } from './gate.ts'

/**
 * What is known of the way to one page. A layer that is `undefined` could not be read, which is never the same as empty.
 *
 * Give the same object for the same layer each time: grants and restrictions are recognised by reference, and must not change.
 */
export interface AccessPath {
  readonly type: 'page' | 'blogpost'
  readonly space: {
    readonly key: string
    readonly name: string
    readonly grants: readonly Grant[] | undefined
  }
  /** Root first, pages, folders and all other containers. Those that restrict nobody may be left out. */
  readonly ancestors: readonly AccessNode[]
  readonly own: AccessNode & { readonly update: Restriction | undefined }
}

export interface AccessNode {
  /** By name, as people shall see it: `page "Payroll" (123)`. */
  readonly from: string
  readonly read: Restriction | undefined
}

export type Operation = 'read' | 'update' | 'delete'

/** A gate each: all of them must be passed. */
export type Gates = Readonly<Record<Operation, readonly Gate[]>>

/** The gates of a space, for one type of content. */
export type SpaceGates = Readonly<Record<Operation, Gate>>

/** Names what could not be read on the way to the page, or says `undefined` when everything was. */
export function unreadLayer({ space, ancestors, own }: AccessPath): string | undefined {
  if (space.grants === undefined) return `the permissions of space ${space.key} (${space.name})`
  const ancestor = ancestors.find(({ read }) => read === undefined)
  if (ancestor !== undefined) return `the restrictions of ${ancestor.from}, above the page`
  if (own.read === undefined || own.update === undefined) return `the restrictions of ${own.from}`
  return undefined
}

export function gatesOfSpace(key: string, grants: readonly Grant[], type: 'page' | 'blogpost'): SpaceGates {
  const granted = (operation: Grant['operation']) =>
    grants.filter((grant) => grant.operation === operation).map(({ principal }) => principal)
  return {
    read: gateOfGrants(`space ${key}`, granted('read')),
    update: gateOfGrants(`space ${key}, create ${type}`, granted(`create-${type}`)),
    delete: gateOfGrants(`space ${key}, delete ${type}`, granted(`delete-${type}`)),
  }
}

export function gatesOfPath({ ancestors, own }: AccessPath, space: SpaceGates): Gates {
  const gateOf = (from: string, restriction: Restriction | undefined): readonly Gate[] =>
    restriction !== undefined && restricts(restriction) ? [gateOfRestriction(from, restriction)] : []
  const read = [space.read, ...[...ancestors, own].flatMap((node) => gateOf(node.from, node.read))]
  const edit = gateOf(`${own.from}, edit`, own.update)
  return { read, update: [...read, space.update, ...edit], delete: [...read, space.delete, ...edit] }
}
