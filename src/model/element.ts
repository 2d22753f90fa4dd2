/**
 * The element: one piece of a document, in Unstructured's format (source: github.com/Unstructured-IO/unstructured,
 * documents/elements). Field names are the wire's, so an element in memory is an element on disk.
 *
 * @module
 */

import type { PermissionRules, PermissionsData, PermissionsStatus } from './permissions.ts'

export type ElementType =
  | 'Title'
  | 'NarrativeText'
  | 'ListItem'
  | 'Table'
  | 'Image'
  | 'CodeSnippet'
  | 'UncategorizedText'
  | 'Header'
  | 'Footer'
  | 'Address'
  | 'EmailAddress'
  | 'FigureCaption'
  | 'Formula'
  | 'PageBreak'
  | 'PageNumber'
  | 'Form'
  | 'FormKeysValues'
  | 'DocumentData'
  | 'CheckBox'
  | 'CompositeElement'
  | 'TableChunk'

/** Where an element's document came from and who may use it; the same object in every element of a document. */
export interface DataSource {
  readonly url?: string
  readonly version?: string
  readonly record_locator?: Readonly<Record<string, string>>
  /** Epoch seconds, as strings (unstructured-ingest 1.8). */
  readonly date_created?: string
  readonly date_modified?: string
  readonly date_processed?: string
  readonly filesize_bytes?: number
  readonly permissions_data?: PermissionsData
  /** Ours: how far `permissions_data` can be trusted, and why not further. */
  readonly permissions_status?: PermissionsStatus
  readonly permissions_reason?: string
  /** Ours: the AND of ORs behind the flat lists. */
  readonly permissions_rules?: PermissionRules
}

/**
 * Sparse: what is not known is absent; `null`, `[]` and `{}` never appear. Further keys are allowed and kept.
 * Mutable only while a partitioner builds the element.
 */
export interface ElementMetadata {
  attached_to_filename?: string
  category_depth?: number
  data_source?: DataSource
  emphasized_text_contents?: string[]
  emphasized_text_tags?: string[]
  file_directory?: string
  filename?: string
  filetype?: string
  image_url?: string
  image_base64?: string
  image_mime_type?: string
  /** ISO 639-3. */
  languages?: string[]
  last_modified?: string
  link_texts?: string[]
  link_urls?: string[]
  page_name?: string
  page_number?: number
  parent_id?: string
  text_as_html?: string
  url?: string
  /** Of a chunk: the elements it was made of, as JSON, deflated, in base64. */
  orig_elements?: string
  /** Of a chunk: another piece of what the chunk before is a piece of. */
  is_continuation?: boolean
  /** Of a piece of a table: the same in all pieces. */
  table_id?: string
  /** Of a piece of a table: its place, from 0. */
  chunk_index?: number
  /** Of a piece of a table: how many header rows stand in it once more. */
  num_carried_over_header_rows?: number
  /** Ours, enhanced mode: the language of a code snippet, as its author named it. */
  code_language?: string
  /** Ours, enhanced mode: titles of the headings above, outermost first. */
  heading_path?: string[]
  /** Ours, enhanced mode: the document's address with the anchor of the nearest heading. */
  anchor_url?: string
  /** Ours: titles of the document's ancestors, root first. */
  ancestors?: readonly string[]
  /** Ours: the document's labels. */
  labels?: readonly string[]
  /** Ours: who wrote the current version. */
  author?: string
  [adHoc: string]: unknown
}

export interface Element {
  type: ElementType
  element_id: string
  text: string
  metadata: ElementMetadata
  embeddings?: readonly number[]
  /** For `CheckBox` alone. */
  checked?: boolean
}
