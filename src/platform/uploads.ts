/**
 * Jobs with uploaded files: a source that reads what was sent, and a destination that keeps what comes of it, so that the pipeline runs such a
 * job as any other.
 *
 * @module
 */

import type { Destination, Source } from '../model/contracts.ts'
import type { Document } from '../model/document.ts'
import { createElementWriter } from '../model/element-bytes.ts'
import { OutflowError } from '../model/errors.ts'
import { unknownPermissions } from '../model/permissions.ts'
import type { JobFileInfo, JobFiles } from '../store/job-files.ts'

/** What the files of a job are read with. */
export interface UploadsOptions {
  /** Id of the job. */
  readonly job: string
  readonly files: Pick<JobFiles, 'list' | 'content'>
}

/** Each file that was sent is a document. */
export function createUploadsSource({ job, files }: UploadsOptions): Source {
  return {
    role: 'source',
    name: 'upload',
    checks: () => [],
    async *index({ signal }) {
      for (const file of await files.list(job, 'input')) {
        signal.throwIfAborted()
        yield { type: 'document', document: uploadedDocument(file) }
      }
    },
    async download({ recordLocator, mediaType, title }, { signal }) {
      signal.throwIfAborted()
      const content = await files.content(job, 'input', recordLocator.document_id!)
      if (!content) throw notThere(title)
      return { mediaType, bytes: content.length, body: { bytes: content } }
    },
    usage: () => ({ requests: 0, retries: 0, waitedSeconds: 0 }),
    close: async () => {},
  }
}

/** Of an uploaded file, nothing says who may read it; so its elements say that nobody is known to. */
const permissions = unknownPermissions('An uploaded file: nothing tells who may read it.')

/** All documents of this kind are in one place. */
const space = 'uploads'

type NamedFile = Pick<JobFileInfo, 'job' | 'fileId' | 'filename' | 'mediaType' | 'createdAt'>

/** An uploaded file as a document; it has no address, and no version but this. */
export function uploadedDocument({ job, fileId, filename, mediaType, createdAt }: NamedFile): Document {
  return {
    id: `upload:${job}/${fileId}`,
    kind: 'file',
    title: filename,
    url: '',
    space,
    place: { site: 'upload', objectId: `${job}/${fileId}`, spaceId: space, parentIds: [] },
    path: `${space}/${fileId}`,
    // As the reference does; its download goes by this name, too.
    filename: fileId,
    mediaType,
    version: '1',
    createdAt,
    ancestors: [],
    labels: [],
    recordLocator: { job_id: job, document_id: fileId },
    permissions,
  }
}

function notThere(filename: string): OutflowError {
  return new OutflowError({
    kind: 'missing',
    code: 'upload.not_there',
    message: `The uploaded file "${filename}" is not kept any more.`,
    fix: 'Send it again, in a new job.',
  })
}

/** Where what comes of uploaded files is kept. */
export interface OutputsOptions {
  readonly job: string
  /** Id of the last node, whose output it is. */
  readonly node: string
  readonly files: Pick<JobFiles, 'put'>
}

/** Keeps the elements of each file as JSON, as the destination for folders writes it. */
export function createOutputsDestination({ job, node, files }: OutputsOptions): Destination {
  const writeElements = createElementWriter('json')
  return {
    role: 'destination',
    name: 'outputs',
    open: async () => {},
    async upload({ recordLocator, title }, elements, { signal }) {
      signal.throwIfAborted()
      const fileId = recordLocator.document_id!
      // The writer's bytes are its own.
      const content = Uint8Array.from(writeElements(elements))
      await files.put({
        ...{ job, role: 'output', fileId, nodeId: node },
        ...{ filename: `${title}.json`, mediaType: 'application/json', content },
      })
      return fileId
    },
    finish: async () => {},
    close: async () => {},
  }
}
