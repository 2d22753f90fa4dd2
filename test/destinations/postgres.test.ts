import { afterAll, describe } from 'vitest'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { keepsTheContract } from './contract.ts'
import { postgresSubject } from './postgres-subject.ts'

const server = await startPostgres()
afterAll(() => server?.stop())

describe.skipIf(!server)(`on a real server ${server ? '' : noPostgres}`, () => {
  keepsTheContract('postgres', async () => postgresSubject(await server!.newDatabase()))
})
