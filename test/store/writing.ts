/**
 * What `writer.ts` writes, for who reads it.
 *
 * @module
 */

/** Entries of one batch. */
export const batchSize = 60

/** After so many, the first documents come again. */
export const batches = 20
