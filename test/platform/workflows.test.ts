import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { NewWorkflow } from '../../src/platform/platform.ts'
import { createWorkflows, restoreSchedules } from '../../src/platform/workflows.ts'
import type { Store } from '../../src/store/index.ts'
import type { Queue } from '../../src/store/queue.ts'
import { onBothDatabases, postgresServer } from './stores.ts'

const server = await postgresServer()

onBothDatabases((newStore) => {
  let store: Store
  let queue: Queue
  let source: string
  let destination: string
  const deleted: string[] = []
  const workspace = 'acme'

  async function connector(role: 'source' | 'destination', owner: string, key?: string): Promise<string> {
    const id = randomUUID()
    const type = role === 'source' ? 'confluence' : 'local'
    await store.records.connectors.add({
      id,
      workspace: owner,
      role,
      name: 'one',
      type,
      config: {},
      ...(key && { key }),
    })
    return id
  }

  beforeAll(async () => {
    store = await newStore()
    queue = await store.openQueue({ supervise: false })
    source = await connector('source', workspace, 'wiki')
    destination = await connector('destination', workspace, 'lake')
    return () => queue.stop(1)
  })

  const workflows = () =>
    createWorkflows({
      store,
      queue,
      onDelete: async (id) => {
        deleted.push(id)
      },
    })

  const wanted = (more: Partial<NewWorkflow> = {}): NewWorkflow => ({
    name: 'Nightly',
    workflowType: 'custom',
    sources: [source],
    destinations: [destination],
    nodes: [
      { name: 'Partitioner', type: 'partition', subtype: 'unstructured_api', settings: { strategy: 'fast' } },
    ],
    ...more,
  })

  /** Cron expressions in the queue's own table, by workflow. */
  async function schedules(): Promise<Record<string, string>> {
    const rows = await store.records.tables
      .withSchema('outflow_queue')
      .selectFrom('schedule' as never)
      .selectAll()
      .execute()
    return Object.fromEntries((rows as { key: string; cron: string }[]).map(({ key, cron }) => [key, cron]))
  }

  const faults = (promise: Promise<unknown>) =>
    promise.then(
      () => [],
      (thrown: { fields?: readonly { field: string }[] }) => thrown.fields?.map(({ field }) => field),
    )

  it('makes a workflow, completed, and gives it back', async () => {
    const made = await workflows().create(workspace, wanted({ schedule: 'every 2 hours', key: 'nightly' }))
    expect(made).toMatchObject({
      key: 'nightly',
      name: 'Nightly',
      workflowType: 'custom',
      state: 'active',
      sources: [source],
      destinations: [destination],
      schedule: '0 */2 * * *',
      reprocessAll: false,
    })
    expect(made.nodes[0]).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      settings: { strategy: 'fast', encoding: 'utf-8', coordinates: false },
    })
    expect(await workflows().get(workspace, made.id)).toEqual(made)
    expect(await workflows().get(workspace, 'nightly')).toEqual(made)
    expect((await schedules())[made.id]).toBe('0 */2 * * *')
  })

  it('makes the workflow that the reference’s own test makes: a type and nothing else', async () => {
    const made = await workflows().create(workspace, { name: 'test', workflowType: 'basic' })
    expect(made).toMatchObject({ workflowType: 'basic', sources: [], destinations: [] })
    expect(made.nodes).toMatchObject([{ type: 'partition', settings: { strategy: 'fast' } }])
  })

  it('keeps any text, and finds it by a part of it', async () => {
    const name = `Ärger \0 \ud800 ${randomUUID()}`
    const nodes = [{ name: 'a\0b', type: 'partition', subtype: 'vlm' }]
    const made = await workflows().create(workspace, wanted({ name, nodes }))
    expect(made.name).toBe(name)
    expect(made.nodes[0]!.name).toBe('a\0b')
    const found = await workflows().list(workspace, { name: name.slice(6).toUpperCase() })
    expect(found.map(({ id }) => id)).toEqual([made.id])
  })

  it('takes connectors by key, and those of the right role and workspace alone', async () => {
    const made = await workflows().create(
      workspace,
      wanted({ sources: ['wiki', source], destinations: ['lake'] }),
    )
    expect(made).toMatchObject({ sources: [source], destinations: [destination] })
    const foreign = await connector('source', 'other', 'theirs')
    for (const sources of [[foreign], ['theirs'], [destination], ['lake'], [''], ['\0']])
      expect(await faults(workflows().create(workspace, wanted({ sources })))).toEqual(['source_id'])
    expect(await faults(workflows().create(workspace, wanted({ destinations: [source] })))).toEqual([
      'destination_id',
    ])
  })

  it('names all faults at once', async () => {
    const fields = await faults(
      workflows().create(workspace, {
        name: ' ',
        workflowType: 'custom',
        key: 'Not a key',
        sources: ['nothing'],
        schedule: 'hourly',
        nodes: [{ name: 'x', type: 'partition', subtype: 'unstructured_api', settings: { stratgy: 'fast' } }],
      }),
    )
    expect(fields).toEqual(['source_id', 'schedule', 'name', 'key', 'workflow_nodes.0.settings.stratgy'])
  })

  it('refuses by name what is not built', async () => {
    const nodes = [...wanted().nodes!, { name: 'Chunker', type: 'prompter', subtype: 'openai_ner' }]
    await expect(workflows().create(workspace, wanted({ nodes }))).rejects.toMatchObject({
      kind: 'config',
      code: 'workflow.step_not_built',
      message: expect.stringContaining('"Chunker" (prompter, openai_ner)'),
      fields: [{ field: 'workflow_nodes.1' }],
    })
  })

  it('makes workflows of templates', async () => {
    const made = await workflows().create(workspace, {
      name: 'from template',
      workflowType: 'basic',
      templateId: 'hi_res_partition',
    })
    expect(made).toMatchObject({ workflowType: 'custom', nodes: [{ settings: { strategy: 'hi_res' } }] })
    const create = (templateId: string, more = {}) =>
      workflows().create(workspace, { name: 'x', workflowType: 'custom', templateId, ...more })
    expect(await faults(create('none'))).toEqual(['template_id'])
    expect(await faults(create('hi_res_partition', { nodes: wanted().nodes }))).toEqual(['template_id'])
    await expect(create('hi_res_and_enrichment')).rejects.toMatchObject({ code: 'workflow.step_not_built' })
    expect(await faults(workflows().create(workspace, { name: 'x', workflowType: 'custom' }))).toEqual([
      'workflow_nodes',
    ])
  })

  it('gives a key to one workflow', async () => {
    const one = await workflows().create(workspace, wanted({ key: 'only' }))
    const again = wanted({ key: 'only' })
    await expect(workflows().create(workspace, again)).rejects.toMatchObject({ code: 'workflow.key_taken' })
    const other = await workflows().create(workspace, wanted())
    await expect(workflows().update(workspace, other.id, { key: 'only' })).rejects.toMatchObject({
      code: 'workflow.key_taken',
    })
    expect(
      await workflows().create('elsewhere', { name: 'x', workflowType: 'basic', key: 'only' }),
    ).toBeTruthy()
    await workflows().delete(workspace, one.id)
    expect((await workflows().update(workspace, other.id, { key: 'only' })).key).toBe('only')
  })

  describe('changed', () => {
    it('keeps what is not named, and ids of nodes that are given back', async () => {
      const made = await workflows().create(workspace, wanted({ schedule: 'daily', reprocessAll: true }))
      const renamed = await workflows().update(workspace, made.id, { name: 'Weekly' })
      expect(renamed).toEqual({ ...made, name: 'Weekly', updatedAt: expect.any(Date) })
      const nodes = [{ ...made.nodes[0]!, settings: { strategy: 'hi_res' } }]
      const changed = await workflows().update(workspace, made.id, { nodes })
      expect(changed.nodes[0]).toMatchObject({ id: made.nodes[0]!.id, settings: { strategy: 'hi_res' } })
    })

    it('has its schedule follow', async () => {
      const { id } = await workflows().create(workspace, wanted())
      const expectSchedule = async (cron: string | undefined) => expect((await schedules())[id]).toBe(cron)
      await expectSchedule(undefined)
      await workflows().update(workspace, id, { schedule: 'weekly' })
      await expectSchedule('0 0 * * 0')
      await workflows().update(workspace, id, { schedule: '5 4 * * mon-fri' })
      await expectSchedule('5 4 * * mon-fri')
      expect((await workflows().update(workspace, id, { state: 'inactive' })).schedule).toBe(
        '5 4 * * mon-fri',
      )
      await expectSchedule(undefined)
      await workflows().update(workspace, id, { state: 'active' })
      await expectSchedule('5 4 * * mon-fri')
      await queue.unschedule(id)
      await restoreSchedules({ store, queue })
      await expectSchedule('5 4 * * mon-fri')
      await workflows().update(workspace, id, { schedule: null })
      await expectSchedule(undefined)
    })

    it('is refused where it would not be made so', async () => {
      const { id } = await workflows().create(workspace, wanted({ schedule: 'daily' }))
      expect(await faults(workflows().update(workspace, id, { sources: [] }))).toEqual(['schedule'])
      expect(await faults(workflows().update(workspace, id, { destinations: [] }))).toEqual([
        'destination_id',
      ])
      expect(await faults(workflows().update(workspace, id, { nodes: [] }))).toEqual(['workflow_nodes'])
      expect((await workflows().update(workspace, id, { workflowType: 'advanced' })).nodes).toMatchObject([
        { settings: { strategy: 'hi_res' } },
      ])
    })

    it('loses nothing when two change it at once', async () => {
      const { id } = await workflows().create(workspace, wanted())
      await Promise.all([
        workflows().update(workspace, id, { name: 'both' }),
        workflows().update(workspace, id, { reprocessAll: true }),
        workflows().update(workspace, id, { schedule: 'daily' }),
      ])
      expect(await workflows().get(workspace, id)).toMatchObject({
        name: 'both',
        reprocessAll: true,
        schedule: '0 0 * * *',
      })
    })
  })

  it('is gone when it is deleted, and its schedule with it', async () => {
    const { id } = await workflows().create(workspace, wanted({ schedule: 'daily', name: 'going' }))
    await workflows().delete(workspace, id)
    await expect(workflows().get(workspace, id)).rejects.toMatchObject({
      kind: 'missing',
      code: 'workflow.not_found',
    })
    await expect(workflows().delete(workspace, id)).rejects.toMatchObject({ code: 'workflow.not_found' })
    expect((await schedules())[id]).toBeUndefined()
    expect(deleted).toContain(id)
    expect(await workflows().list(workspace, { name: 'going' })).toEqual([])
    expect(
      (await workflows().list(workspace, { name: 'going', onlyDeleted: true })).map((each) => each.id),
    ).toEqual([id])
    expect((await store.records.workflows.using(workspace, source)).map((each) => each.id)).not.toContain(id)
  })

  it('is not there for another workspace', async () => {
    const { id } = await workflows().create(workspace, wanted())
    for (const call of [
      () => workflows().get('other', id),
      () => workflows().update('other', id, { name: 'mine' }),
      () => workflows().delete('other', id),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'workflow.not_found' })
    expect((await workflows().list('other', {})).map((each) => each.id)).not.toContain(id)
  })

  describe('lists', () => {
    const owner = 'lister'
    const names = ['c', 'a', 'e', 'b', 'd']
    let listed: Record<string, string>
    let theirs: string

    beforeAll(async () => {
      theirs = await connector('source', owner, 'books')
      const made = []
      for (const name of names) {
        const sources = name < 'c' ? [theirs] : []
        made.push(await workflows().create(owner, { name, workflowType: 'basic', sources }))
      }
      await workflows().update(owner, made[1]!.id, { state: 'inactive' })
      listed = Object.fromEntries(made.map(({ name, id }) => [name, id]))
      await store.records.workflows.insert({
        id: randomUUID(),
        workspace: owner,
        name: 'hidden',
        workflowType: 'custom',
        state: 'active',
        sources: [],
        destinations: [],
        nodes: [],
        reprocessAll: false,
        ephemeral: true,
      })
    })

    const list = async (filter: Parameters<ReturnType<typeof workflows>['list']>[1]) =>
      (await workflows().list(owner, filter)).map(({ name }) => name)

    it('in any order, page by page', async () => {
      const ids = Object.values(listed).sort()
      expect((await workflows().list(owner)).map(({ id }) => id)).toEqual(ids)
      expect(await list({ sortBy: 'name' })).toEqual(['a', 'b', 'c', 'd', 'e'])
      expect(await list({ sortBy: 'name', sortDirection: 'desc' })).toEqual(['e', 'd', 'c', 'b', 'a'])
      expect(await list({ sortBy: 'created_at' })).toEqual(names)
      expect((await list({ sortBy: 'updated_at' })).at(-1)).toBe('a')
      expect((await list({ sortBy: 'status', sortDirection: 'desc' }))[0]).toBe('a')
      expect(await list({ sortBy: 'name', page: 2, pageSize: 2 })).toEqual(['c', 'd'])
      expect(await list({ page: Number.MAX_SAFE_INTEGER, pageSize: 20 })).toEqual([])
    })

    it('by what they are', async () => {
      const by = (filter: Parameters<typeof list>[0]) => list({ sortBy: 'name', ...filter })
      expect(await by({ sourceId: theirs })).toEqual(['a', 'b'])
      expect(await by({ sourceId: 'books' })).toEqual(['a', 'b'])
      expect(await by({ sourceId: destination })).toEqual([])
      expect(await by({ destinationId: destination })).toEqual([])
      expect(await by({ state: 'inactive' })).toEqual(['a'])
      expect(await by({ name: 'D' })).toEqual(['d'])
      const { createdAt, nodes } = await workflows().get(owner, listed.e!)
      expect(await by({ createdSince: createdAt })).toEqual(['b', 'd', 'e'])
      expect(await by({ createdBefore: createdAt })).toEqual(['a', 'c'])
      expect(await by({ nodeId: nodes[0]!.id.toUpperCase() })).toEqual(['e'])
      expect(await by({ nodeId: "'\0" })).toEqual([])
    })
  })
}, server)
