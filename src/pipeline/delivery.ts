/**
 * What is done to one document that a source has listed: the steps and the upload, or new permissions, or nothing; and what is noted of it.
 *
 * @module
 */

import type { CallContext } from '../model/call.ts'
import { type Document, type DocumentRef, documentRef } from '../model/document.ts'
import { OutflowError } from '../model/errors.ts'
import type { RunEvent } from '../model/events.ts'
import { type DocumentPermissions, unknownPermissions } from '../model/permissions.ts'
import { accessDigest } from './digest.ts'
import type { Notes } from './notes.ts'
import {
  failure,
  type Halfway,
  type ListedDocument,
  type Machinery,
  type Processed,
  partitionDocument,
  processDocument,
  stopsRun,
} from './process.ts'

/** All that can be done to a document. Each gives back what stops the run, if anything does. */
export interface Delivery {
  /** @param partitioned how far somebody else has brought it */
  changed(listed: ListedDocument, partitioned?: Halfway): Promise<OutflowError | undefined>
  unchanged(listed: ListedDocument): Promise<undefined>
  /**
   * Does what has to be done where the document was listed, and leaves the rest to somebody else.
   *
   * @param give takes it, as far as it has come: packed, where its body came along and another process can go on with it; else with its
   * elements, where its body came along; else it is downloaded by whoever processes it
   */
  begin(
    listed: ListedDocument,
    give: (document: Document, come: { packed?: string; halfway?: Halfway }) => Promise<void>,
  ): Promise<OutflowError | undefined>
  /** Of a document that failed, what an earlier run delivered gets the permissions of now. */
  followAccess(document: DocumentRef, now: DocumentPermissions): Promise<void>
}

interface DeliveryOptions extends CallContext {
  readonly emit: (event: RunEvent) => void
  /** Absent: nothing is remembered, everything is processed. */
  readonly notes: Notes | undefined
}

export function createDelivery(machinery: Machinery, { emit, notes, signal }: DeliveryOptions): Delivery {
  const { destination } = machinery
  const context = { signal }

  async function process(listed: ListedDocument, partitioned?: Halfway): Promise<OutflowError | undefined> {
    const { document } = listed
    const before = notes?.stored(document.id)
    const halfway = partitioned ?? (await notes?.halfway(document))
    return settle(document, await processDocument(machinery, listed, { ...context, before, halfway }))
  }

  async function settle(document: Document, processed: Processed): Promise<OutflowError | undefined> {
    await notes?.noteProcessed(document, processed)
    emit(processed.event)
    if (!processed.delivered && !processed.fatal) await followAccess(document, document.permissions)
    return processed.fatal
  }

  /** What an earlier run delivered stays, and must not be open to more people than the document is now. */
  async function followAccess(document: DocumentRef, now: DocumentPermissions): Promise<void> {
    const { id } = document
    const delivered = notes?.delivered(id)
    if (!notes || !delivered) return
    // What it showed of other pages may be for fewer people now, and there is nothing newer to put in its place.
    const permissions = delivered.traces.length > 0 ? closedMeanwhile(document) : now
    if (delivered.accessDigest === accessDigest(permissions)) return
    try {
      await notes.claimAccess([notes.entry(id)!])
      await destination.updateAccess?.(notes.stored(id)!, permissions, context)
      await notes.noteAccessOf(id, permissions)
    } catch (thrown) {
      // The document has failed anyway, and the next run comes back to it.
      if (!(thrown instanceof OutflowError) || stopsRun(thrown)) throw thrown
    }
  }

  async function accessNotChanged(document: Document, thrown: unknown): Promise<OutflowError | undefined> {
    const failed = failure(document, 'upload', thrown)
    await notes?.noteProcessed(document, failed)
    emit(failed.event)
    return failed.fatal
  }

  const needsAccessOnly = ({ document, stale }: ListedDocument) =>
    notes !== undefined &&
    destination.updateAccess !== undefined &&
    notes.needOf(document, stale === true) === 'access'

  return {
    followAccess,
    async changed(listed, partitioned) {
      const { document } = listed
      if (!notes || !needsAccessOnly(listed)) return process(listed, partitioned)
      try {
        await destination.updateAccess!(notes.stored(document.id)!, document.permissions, context)
      } catch (thrown) {
        const isMissing = thrown instanceof OutflowError && thrown.kind === 'missing'
        return isMissing ? process(listed, partitioned) : accessNotChanged(document, thrown)
      }
      await notes.noteAccess(document)
      const { status } = document.permissions
      emit({ type: 'document.access_changed', document: documentRef(document), permissions: status })
      return undefined
    },
    async unchanged({ document }) {
      await notes!.noteUnchanged(document)
      const { status } = document.permissions
      emit({ type: 'document.unchanged', document: documentRef(document), permissions: status })
      return undefined
    },
    async begin(listed, give) {
      const { document, content } = listed
      const brings = content !== undefined && !needsAccessOnly(listed)
      const halfway = brings ? await notes?.halfway(document) : undefined
      const packed = brings && !halfway && machinery.source.unpack ? listed.packed?.() : undefined
      const here = brings && packed === undefined
      const first = halfway ?? (here ? await partitionDocument(machinery, listed, context) : undefined)
      if (first && 'event' in first) return settle(document, first)
      await give(document, { ...(packed !== undefined && { packed }), ...(first && { halfway: first }) })
      return undefined
    },
  }
}

const closedMeanwhile = ({ title }: DocumentRef) =>
  unknownPermissions(
    `"${title}" could not be made anew, and what it shows of other pages may be for fewer people.`,
  )
