import { afterAll, describe, expect, it } from 'vitest'
import postgres from '../../src/destinations/postgres.ts'
import type { RunEvent } from '../../src/model/events.ts'
import html from '../../src/partition/html.ts'
import { type RunOptions, run } from '../../src/pipeline/run.ts'
import { memoryWorld } from '../../src/sandbox/memory-world.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { openStore } from '../../src/store/index.ts'
import { serving, settingsFor } from '../permissions/crawl.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { withClient } from './postgres-subject.ts'

const server = await startPostgres()
afterAll(() => server?.stop())

/** A page with five below it, and some beside it. */
function wiki() {
  const world = memoryWorld()
  const [amy, ben] = [world.addUser('Amy'), world.addUser('Ben')]
  const space = world.addSpace('HR', 'People')
  world.grant(space, world.crawler, ADMINISTER)
  for (const user of [amy, ben]) world.grant(space, user, VIEW)
  const add = (under: Parameters<typeof world.addPage>[0], title: string) =>
    world.addPage(under, title, { body: `<h1>${title}</h1><p>Text of ${title}.</p>` })
  const board = add(space, 'Board')
  for (let number = 1; number <= 5; number++) add(board, `Minutes ${number}`)
  const [edited, trashed, lost] = [add(space, 'Edited'), add(space, 'Trashed'), add(space, 'Lost')]
  return { world, amy, board, edited, trashed, lost }
}

/** Everything that is stored, but for when it was processed and where its bytes lie. */
async function contentOf(url: string) {
  return withClient(url, async (client) => {
    const elements = await client.query(
      "select *, null as date_processed, metadata #- '{data_source,date_processed}' as metadata from elements order by record_id, element_index",
    )
    const documents = await client.query('select * from elements_documents order by id')
    return { elements: elements.rows, documents: documents.rows }
  })
}

describe.skipIf(!server).each(['cloud', 'data-center'] as const)(
  `a second run from %s into PostgreSQL ${server ? '' : noPostgres}`,
  (flavour) => {
    it('brings the tables to what a fresh run makes, and where only access changed, touches no element', async () => {
      const { world, amy, board, edited, trashed, lost } = wiki()
      const [url, fresh, state] = await Promise.all([
        server!.newDatabase(),
        server!.newDatabase(),
        server!.newDatabase(),
      ])
      await using store = await openStore({ databaseUrl: state })
      await serving({ world, flavour }, async (sandbox) => {
        async function deliver(into: string, options: RunOptions): Promise<readonly RunEvent[]> {
          const events: RunEvent[] = []
          const workflow = {
            source: confluence({ ...settingsFor(sandbox, flavour), max_num_of_docs_from_each_space: 0 }),
            steps: [html({})],
            destination: postgres({ url: into }),
          }
          for await (const event of run(workflow, options)) events.push(event)
          expect(events.at(-1)).toMatchObject({ outcome: 'finished' })
          return events
        }
        const memory = { ledger: store.ledger, workflow: 'hr' }
        const rowsBelow = (page: string) =>
          withClient(url, async (client) => {
            const found =
              'select e.xmin, e.ctid, e.id from elements e join elements_documents d on d.id = record_id where d.title like $1 order by e.id'
            return (await client.query(found, [page])).rows
          })

        await deliver(url, { memory })
        const before = await rowsBelow('Minutes %')
        expect(before.length).toBeGreaterThan(5)

        world.restrict(board, 'read', [world.crawler, amy])
        world.edit(edited, '<p>Another text.</p>')
        world.trash(trashed)
        await withClient(url, (client) =>
          client.query("delete from elements where record_id like '%/' || $1", [lost.id]),
        )
        const events = await deliver(url, { memory })
        await deliver(fresh, {})

        expect(await contentOf(url)).toEqual(await contentOf(fresh))
        expect(await rowsBelow('Minutes %')).toEqual(before)
        const count = (type: RunEvent['type']) => events.filter((event) => event.type === type).length
        expect({
          access: count('document.access_changed'),
          done: count('document.done'),
          removed: count('document.removed'),
        }).toEqual({ access: 6, done: 2, removed: 1 })
      })
    })
  },
)
