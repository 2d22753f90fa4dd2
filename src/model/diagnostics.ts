/**
 * What the machinery tells whoever watches it: `node:diagnostics_channel`s, which cost nothing while nobody does. Metrics and traces listen
 * to them, and so may anybody else who knows their names. What a run tells its person are events (`events.ts`).
 *
 * @module
 */

import { channel, tracingChannel } from 'node:diagnostics_channel'
import type { DocumentRef } from './document.ts'
import type { Stage } from './events.ts'

/** One document in one stage: told as it begins, as it ends, and where it fails (`error`). */
export interface StageMessage {
  readonly document: DocumentRef
  readonly stage: Stage
  readonly error?: unknown
}

/** One request to a source and its answer; a redirect is another one. */
export interface RequestMessage {
  readonly method: string
  readonly url: URL
  /** As soon as it is known. */
  status?: number
  readonly error?: unknown
}

/** A time in which requests waited for a source's sake is over. Times that overlap are told as one. */
export interface WaitMessage {
  readonly seconds: number
}

export const stageChannel = tracingChannel<unknown, StageMessage>('outflow:stage')
export const requestChannel = tracingChannel<unknown, RequestMessage>('outflow:request')
/** Of `WaitMessage`s. */
export const waitChannel = channel('outflow:wait')

/** Does a stage of a document, and tells so. */
export function inStage<Result>(
  stage: Stage,
  document: DocumentRef,
  work: () => Promise<Result>,
): Promise<Result> {
  return stageChannel.tracePromise(async () => work(), { document, stage })
}
