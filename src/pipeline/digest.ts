/**
 * Digests that tell whether a document is as it was delivered: one of its content, one of who may use it.
 *
 * @module
 */

import { hash } from 'node:crypto'
import type { Document } from '../model/document.ts'
import type { DocumentPermissions } from '../model/permissions.ts'

/**
 * Of all that its elements say of a document but its permissions: version, titles above it, labels, author, addresses. The body is told by
 * the version.
 */
export const contentDigest = remembered((document: Document) => {
  const { permissions: _, place: __, ...facts } = document
  return digest(facts)
})

/** Of the lists, the status, its reason and the rules behind them. */
export const accessDigest = remembered((permissions: DocumentPermissions) => digest(permissions))

/** 32 hex digits of sha256 over the JSON of a value. */
export const digest = (value: unknown): string => hash('sha256', JSON.stringify(value), 'hex').slice(0, 32)

/** Once an object: the same permissions serve many documents, and a document is asked about more than once. */
function remembered<Subject extends object>(
  compute: (subject: Subject) => string,
): (subject: Subject) => string {
  const known = new WeakMap<Subject, string>()
  return (subject) => {
    const before = known.get(subject)
    if (before !== undefined) return before
    const value = compute(subject)
    known.set(subject, value)
    return value
  }
}
