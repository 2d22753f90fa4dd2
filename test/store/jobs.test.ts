import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { onBothDatabases, postgresServer } from '../platform/stores.ts'

const server = await postgresServer()

onBothDatabases((newStore) => {
  it('gives a job back to the letter, with characters that PostgreSQL does not take', async () => {
    const { jobs } = (await newStore()).records
    const [id, workflow] = [randomUUID(), randomUUID()]
    const odd = 'a\0b\ud800c\ufdd0d'
    const plan = { sources: ['s'], destinations: ['d'], nodes: [{ name: odd }] }
    const options = { note: odd }
    await jobs.insert({
      ...{ id, workflow, plan, options },
      workspace: 'w',
      workflowName: odd,
      jobType: 'persistent',
    })
    const begun = await jobs.begin(id)
    expect(begun).toMatchObject({ workflowName: odd, plan, options })
    const error = { kind: 'content', code: 'x.y', message: odd } as const
    expect(await jobs.end(id, begun!.attempt, { state: 'failed', error })).toBe(true)
    expect((await jobs.find(id))?.error).toEqual(error)
  })
}, server)
