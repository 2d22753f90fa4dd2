/**
 * Puts into every element what is known of its document: the `data_source` and our fields beside it.
 *
 * @module
 */

import type { Document } from '../model/document.ts'
import type { DataSource, Element } from '../model/element.ts'
import { permissionFields } from '../model/permissions.ts'

/**
 * The `data_source` of a document's elements, absent where not known (source: unstructured-ingest 1.8 FileDataSourceMetadata;
 * dates are epoch seconds as strings).
 */
export function dataSource(document: Document, bytes: number, processedAt: Date): DataSource {
  return {
    ...(document.url !== '' && { url: document.url }),
    version: document.version,
    record_locator: document.recordLocator,
    ...(document.createdAt && { date_created: epochSeconds(document.createdAt) }),
    ...(document.modifiedAt && { date_modified: epochSeconds(document.modifiedAt) }),
    date_processed: epochSeconds(processedAt),
    filesize_bytes: bytes,
    ...permissionFields(document.permissions),
  }
}

/** Adds the document's facts to its elements, in place: the partitioner has just made them and nobody else holds them yet. */
export function describeElements(elements: readonly Element[], document: Document, source: DataSource): void {
  const { ancestors, labels, author } = document
  for (const { metadata } of elements) {
    metadata.data_source = source
    if (ancestors.length > 0) metadata.ancestors = ancestors
    if (labels.length > 0) metadata.labels = labels
    if (author !== undefined) metadata.author = author
  }
}

const epochSeconds = (date: Date) => String(date.getTime() / 1000)
