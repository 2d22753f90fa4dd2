/**
 * Documents as the platform knows them: what the ledger says, what the destination holds, what became of them in jobs.
 *
 * @module
 */

import type { CallContext } from '../model/call.ts'
import type { Destination } from '../model/contracts.ts'
import type { Element } from '../model/element.ts'
import { OutflowError } from '../model/errors.ts'
import { type DocumentPermissions, permissionsOf } from '../model/permissions.ts'
import { storedOf } from '../pipeline/entries.ts'
import type { Store } from '../store/index.ts'
import { routeOfMemory } from './engine/routes.ts'
import { jobDocumentOf } from './jobs.ts'
import type { DocumentRecord, Documents } from './platform.ts'

interface DocumentsOptions {
  readonly store: Store
  /** Opens a destination connector of a workspace. @throws {OutflowError} */
  readonly openDestination: (workspace: string, connector: string) => Promise<Destination>
}

/** Rows of a history, at most. */
const longestHistory = 100
/** Seconds that a destination may take. */
const patience = 30

export function createDocuments({ store, openDestination }: DocumentsOptions): Documents {
  const { records } = store

  async function get(workspace: string, id: string): Promise<readonly DocumentRecord[]> {
    const found = await records.ledger.find({ id })
    const own: DocumentRecord[] = []
    for (const { workflow: memory, entry, changedAt } of found) {
      const route = routeOfMemory(memory)
      const workflow = route && (await records.workflows.find(workspace, route.workflow))
      if (workflow) own.push({ workflowId: workflow.id, entry, changedAt })
    }
    if (own.length > 0) return own
    throw new OutflowError({
      kind: 'missing',
      code: 'document.not_found',
      message: `No workflow of this workspace has seen a document "${id}".`,
      fix: 'Take the id from /jobs/{id}/documents, and encode it as one segment of the path.',
    })
  }

  /** What a destination holds of it: that of the workflow, or of the first that holds any. */
  async function elements(workspace: string, id: string, workflowId?: string): Promise<readonly Element[]> {
    const own = await get(workspace, id)
    for (const { workflowId: of, entry } of own) {
      const stored = storedOf(entry)
      if (!stored || (workflowId !== undefined && workflowId !== of)) continue
      const workflow = await records.workflows.find(workspace, of)
      for (const connector of workflow?.destinations ?? []) {
        const destination = await openDestination(workspace, connector)
        try {
          const context: CallContext = { signal: AbortSignal.timeout(patience * 1000) }
          const held = await destination.read?.(stored, context)
          if (held) return held
        } finally {
          await destination.close()
        }
      }
    }
    throw new OutflowError({
      kind: 'missing',
      code: 'document.not_delivered',
      message: `No destination that can be read holds elements of "${own[0]!.entry.document.title}".`,
      fix: 'See its state and reason under /documents/{id}.',
    })
  }

  return {
    get,
    elements,
    async permissions(workspace, id, workflowId): Promise<DocumentPermissions> {
      const [first] = await elements(workspace, id, workflowId)
      return permissionsOf(first?.metadata.data_source)
    },
    async history(workspace, id) {
      const told = await records.story.historyOf(workspace, id, longestHistory)
      if (told.length === 0) await get(workspace, id)
      return told.map((one) => ({ ...jobDocumentOf(one), jobId: one.job }))
    },
  }
}
