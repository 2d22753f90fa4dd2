/**
 * Outflow as a library: run a workflow and listen to its events; or turn files into elements, and elements into chunks.
 *
 * @module
 */

export {
  type ChunkOptions,
  chunk,
  chunkElements,
  reconstructTables,
  unpackElements,
} from './chunk/index.ts'
export { defineDestination, defineSource, defineStep, setting } from './kit/define.ts'
export type { Content } from './model/content.ts'
export type { Destination, Listed, Partitioner, Source, Step } from './model/contracts.ts'
export type { Document, DocumentRef } from './model/document.ts'
export type { DataSource, Element, ElementMetadata, ElementType } from './model/element.ts'
export { elementsFromJson, elementsToJson, elementsToNdjson } from './model/element-json.ts'
export { OutflowError } from './model/errors.ts'
export type { Coverage, JobFinished, RunEvent } from './model/events.ts'
export type { DocumentPermissions, PermissionsData } from './model/permissions.ts'
export {
  type FilePartitioner,
  openPartitioner,
  type PartitionCall,
  partition,
} from './partition/partition.ts'
export type { Memory } from './pipeline/books.ts'
export type { Workflow } from './pipeline/plan.ts'
export type { RemovalPolicy } from './pipeline/removals.ts'
export { type RunOptions, run } from './pipeline/run.ts'
