/**
 * Documents on the wire: what became of each, in jobs and in workflows.
 *
 * @module
 */

import { z } from 'zod'
import type { Stage } from '../../model/events.ts'
import type { DocumentPermissions, PermissionLayer, PrincipalIds } from '../../model/permissions.ts'
import type { DocumentRecord, JobDocument, JobDocumentState } from '../../platform/platform.ts'
import { ErrorInformation } from './jobs.ts'
import { given } from './lenient.ts'

export const documentStates = [
  'done',
  'access_changed',
  'skipped',
  'not_permitted',
  'unsupported',
  'failed',
  'removed',
  'held',
] as const satisfies readonly JobDocumentState[]

export const stages = [
  'index',
  'download',
  'partition',
  'enrich',
  'chunk',
  'embed',
  'upload',
] as const satisfies readonly Stage[]

export const DocumentReference = z
  .object({
    id: z.string(),
    kind: z.enum(['page', 'blogpost', 'comments', 'attachment', 'file']),
    title: z.string(),
    url: z.string(),
    space: z.string(),
  })
  .meta({ id: 'DocumentReference' })

const becameOfIt = {
  state: z.enum(documentStates),
  stage: z.enum(stages).optional().meta({ description: 'Where it failed.' }),
  error: ErrorInformation.optional(),
  reason: z.string().optional(),
  changed_at: z.iso.datetime(),
}

export const JobDocumentInformation = z
  .object({ document: DocumentReference, ...becameOfIt })
  .meta({ id: 'JobDocument' })

export const JobDocuments = z
  .object({
    documents: z.array(JobDocumentInformation),
    next: z.string().optional().meta({ description: 'Send it as `after` for the next page.' }),
  })
  .meta({ id: 'JobDocuments' })

export const DocumentHistory = z
  .array(z.object({ job_id: z.string(), document: DocumentReference, ...becameOfIt }))
  .meta({ id: 'DocumentHistory' })

export const DocumentInformation = z
  .object({
    document: DocumentReference,
    workflows: z
      .array(
        z.object({
          workflow_id: z.string(),
          version: z.string(),
          delivered_version: z.string().optional().meta({ description: 'What the destination holds.' }),
          state: z.enum(['done', 'failed', 'not_permitted', 'unsupported', 'skipped', 'held', 'removed']),
          stage: z.enum(stages).optional(),
          attempts: z.int(),
          error: ErrorInformation.optional(),
          reason: z.string().optional(),
          changed_at: z.iso.datetime(),
        }),
      )
      .meta({ description: 'One of each workflow that has seen it.' }),
  })
  .meta({ id: 'DocumentInformation' })

/** As the reference writes them; more fields than these. */
export const Elements = z
  .array(
    z.looseObject({
      type: z.string(),
      element_id: z.string(),
      text: z.string(),
      metadata: z.record(z.string(), z.unknown()),
    }),
  )
  .meta({ id: 'Elements' })

const Principals = z.object({ users: z.array(z.string()), groups: z.array(z.string()) })
const Layers = z.array(
  z.object({ from: z.string(), users: z.array(z.string()), groups: z.array(z.string()) }),
)

export const Permissions = z
  .object({
    permissions_data: z.tuple([
      z.object({ read: Principals }),
      z.object({ update: Principals }),
      z.object({ delete: Principals }),
    ]),
    permissions_status: z.enum(['complete', 'partial', 'unknown']),
    permissions_reason: z.string().optional(),
    permissions_rules: z.object({ read: Layers, update: Layers, delete: Layers }),
  })
  .meta({ id: 'DocumentPermissions' })

export function jobDocumentToWire(entry: JobDocument): z.output<typeof JobDocumentInformation> {
  return {
    document: { ...entry.document },
    state: entry.state,
    changed_at: entry.changedAt.toISOString(),
    ...given({ stage: entry.stage, error: entry.error, reason: entry.reason }),
  }
}

export const historyToWire = (
  history: readonly (JobDocument & { readonly jobId: string })[],
): z.output<typeof DocumentHistory> =>
  history.map((entry) => ({ job_id: entry.jobId, ...jobDocumentToWire(entry) }))

/** @param records not empty */
export function documentToWire(records: readonly DocumentRecord[]): z.output<typeof DocumentInformation> {
  return {
    document: { ...records[0]!.entry.document },
    workflows: records.map(({ workflowId, entry, changedAt }) => ({
      workflow_id: workflowId,
      version: entry.version,
      state: entry.state,
      attempts: entry.attempts,
      changed_at: changedAt.toISOString(),
      ...given({
        delivered_version: entry.delivered?.version,
        stage: entry.stage,
        error: entry.error,
        reason: entry.reason,
      }),
    })),
  }
}

export function permissionsToWire(permissions: DocumentPermissions): z.output<typeof Permissions> {
  const [{ read }, { update }, { delete: remove }] = permissions.data
  const { rules } = permissions
  return {
    permissions_data: [{ read: listed(read) }, { update: listed(update) }, { delete: listed(remove) }],
    permissions_status: permissions.status,
    ...given({ permissions_reason: permissions.reason }),
    permissions_rules: {
      read: rules.read.map(layer),
      update: rules.update.map(layer),
      delete: rules.delete.map(layer),
    },
  }
}

const listed = ({ users, groups }: PrincipalIds) => ({ users: [...users], groups: [...groups] })

const layer = ({ from, ...principals }: PermissionLayer) => ({ from, ...listed(principals) })
