import { afterAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { batchesOf, entries } from './entries.ts'
import { newPath } from './folders.ts'
import { ledgerContract } from './ledger-contract.ts'

ledgerContract('the ledger in a state folder', async () => openStore({ stateDir: await newPath() }))

const server = await startPostgres()
afterAll(() => server?.stop())

describe.skipIf(!server)(`on PostgreSQL${server ? '' : ` ${noPostgres}`}`, () => {
  ledgerContract('the ledger on a server', async () =>
    openStore({ databaseUrl: await server!.newDatabase() }),
  )

  it('takes entries of two writers at once, in whatever order they come', async () => {
    const databaseUrl = await server!.newDatabase()
    const [one, two] = await Promise.all([openStore({ databaseUrl }), openStore({ databaseUrl })])
    const given = entries(3000)
    await Promise.all(
      [1, 2, 3, 4].flatMap((version) => [
        one.ledger.record(
          'wiki',
          given.map((each) => ({ ...each, version: `one ${version}` })),
        ),
        two.ledger.record(
          'wiki',
          given.toReversed().map((each) => ({ ...each, version: `two ${version}` })),
        ),
      ]),
    )
    const found = (await batchesOf(one.ledger, 'wiki')).flat()
    expect(found).toHaveLength(3000)
    // One of the calls came last, as a whole.
    expect(new Set(found.map(({ version }) => version)).size).toBe(1)
    await Promise.all([one.close(), two.close()])
  })
})
