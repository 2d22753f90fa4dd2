/**
 * Chunking from code.
 *
 * @module
 */

export { chunk, chunkElements } from './chunk.ts'
export type { ChunkOptions } from './options.ts'
export { unpackElements } from './orig-elements.ts'
export { reconstructTables } from './reconstruct-table.ts'
