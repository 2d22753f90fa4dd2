/**
 * What is left over of documents that failed on their way.
 *
 * @module
 */

import { sql } from 'kysely'
import type { Ledger, Leftover } from '../model/ledger.ts'
import { attempt, type Database } from './database.ts'
import { lastOfEach } from './last-of-each.ts'
import { schemaName } from './schema.ts'
import { restored, storable } from './storable-text.ts'

export function createLeftovers(database: Database): Pick<Ledger, 'keep' | 'leftover' | 'drop'> {
  const tables = database.tables.withSchema(schemaName)

  /** One by one: each may be megabytes. */
  async function keep(workflow: string, leftovers: readonly Leftover[]): Promise<void> {
    await tables.transaction().execute(async (transaction) => {
      for (const leftover of leftovers)
        await transaction
          .insertInto('leftovers')
          .values({
            workflow,
            document_id: storable(leftover.documentId),
            stage: leftover.stage,
            content_digest: leftover.contentDigest,
            recipe: storable(leftover.recipe),
            elements: leftover.elements,
          })
          .onConflict((conflict) =>
            conflict.columns(['workflow', 'document_id']).doUpdateSet(({ ref }) => ({
              stage: ref('excluded.stage'),
              content_digest: ref('excluded.content_digest'),
              recipe: ref('excluded.recipe'),
              elements: ref('excluded.elements'),
            })),
          )
          .execute()
    })
    const size = leftovers.reduce((sum, { elements }) => sum + elements.length, 0)
    await database.changed('leftovers', leftovers.length, size)
  }

  async function leftover(workflow: string, documentId: string): Promise<Leftover | undefined> {
    const row = await tables
      .selectFrom('leftovers')
      .select(['stage', 'content_digest', 'recipe', 'elements'])
      .where('workflow', '=', workflow)
      .where('document_id', '=', storable(documentId))
      .executeTakeFirst()
    if (!row) return undefined
    return {
      documentId,
      stage: row.stage as Leftover['stage'],
      contentDigest: row.content_digest,
      recipe: restored(row.recipe),
      elements: new Uint8Array(row.elements),
    }
  }

  async function drop(workflow: string, documentIds: readonly string[]): Promise<void> {
    const { numDeletedRows } = await tables
      .deleteFrom('leftovers')
      .where('workflow', '=', workflow)
      .where('document_id', '=', sql<string>`any(${documentIds.map(storable)}::text[])`)
      .executeTakeFirst()
    await database.changed('leftovers', Number(numDeletedRows), 0)
  }

  return {
    async keep(workflow, leftovers) {
      const latest = lastOfEach(leftovers, ({ documentId }) => documentId)
      if (latest.length > 0) await attempt(database, () => keep(workflow, latest))
    },
    leftover: (workflow, documentId) => attempt(database, () => leftover(workflow, documentId)),
    async drop(workflow, documentIds) {
      if (documentIds.length > 0) await attempt(database, () => drop(workflow, documentIds))
    },
  }
}
