/**
 * Documents and elements to deliver, as the pipeline would.
 *
 * @module
 */

import { hash } from 'node:crypto'
import type { Stored } from '../../src/model/contracts.ts'
import type { Document } from '../../src/model/document.ts'
import type { Element } from '../../src/model/element.ts'
import type { DocumentPermissions, PermissionsStatus, PrincipalIds } from '../../src/model/permissions.ts'
import { dataSource, describeElements } from '../../src/pipeline/describe.ts'

const nobody: PrincipalIds = { users: [], groups: [] }

export function permissionsFor(
  read: Partial<PrincipalIds>,
  status: PermissionsStatus = 'complete',
): DocumentPermissions {
  const readers = { ...nobody, ...read }
  return {
    data: [{ read: readers }, { update: nobody }, { delete: nobody }],
    status,
    ...(status !== 'complete' && { reason: 'The members of a group could not be read.' }),
    rules: { read: [{ from: 'space HR', ...readers }], update: [], delete: [] },
  }
}

export function documentOf(number: number, details: Partial<Document> = {}): Document {
  return {
    id: `confluence:wiki.test/page/${number}`,
    kind: 'page',
    title: `Page ${number}`,
    url: `https://wiki.test/pages/${number}`,
    space: 'HR',
    place: { site: 'confluence:wiki.test', objectId: String(number), spaceId: '1', parentIds: ['7', '8'] },
    path: `HR/${number}.html`,
    filename: `${number}.html`,
    mediaType: 'text/html',
    version: '1',
    createdAt: new Date('2024-02-29T12:00:00Z'),
    modifiedAt: new Date('2025-03-01T08:30:00Z'),
    author: 'Amy Adams',
    ancestors: ['Handbook', 'Policies'],
    labels: ['policy'],
    recordLocator: { space_id: '1', document_id: String(number) },
    permissions: permissionsFor({ users: ['amy'], groups: ['hr', 'staff'] }),
    ...details,
  }
}

/** Elements of a document, with everything that the pipeline puts into them. */
export function elementsOf(document: Document, texts: readonly string[]): readonly Element[] {
  const elements: Element[] = texts.map((text, index) => ({
    type: index === 0 ? 'Title' : 'NarrativeText',
    element_id: hash('sha256', `${document.filename}${text}${index}`, 'hex').slice(0, 32),
    text,
    metadata: { filename: document.filename, filetype: 'text/html', languages: ['eng'], category_depth: 0 },
  }))
  describeElements(elements, document, dataSource(document, 1234, new Date('2025-06-01T00:00:00Z')))
  return elements
}

export const texts = (count: number) => Array.from({ length: count }, (_, index) => `Paragraph ${index}`)

export const storedOf = ({ id, version }: Document, receipt: string): Stored => ({ id, version, receipt })
