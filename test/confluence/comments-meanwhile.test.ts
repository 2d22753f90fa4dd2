import { afterEach, describe, expect, it } from 'vitest'
import type { Fault } from '../../src/sandbox/index.ts'
import { memoryWorld, type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import type { WorldNode } from '../../src/sandbox/world.ts'
import { elementsOf, gather, requestsTo, type Visit, visit } from './commenting.ts'
import type { Flavour } from './walking.ts'

const flavours: readonly Flavour[] = ['cloud', 'data-center']

function wiki(comments = 3) {
  const world = memoryWorld({ name: 'Meanwhile' })
  const staff = world.addGroup('staff', [world.crawler, world.addUser('Amy')])
  const [hr, ops] = [world.addSpace('HR', 'People'), world.addSpace('OPS', 'Operations')]
  for (const space of [hr, ops]) world.grant(space, staff, VIEW)
  for (const space of [hr, ops]) world.grant(space, world.crawler, ADMINISTER)
  const above = world.addPage(hr, 'Above')
  const pay = world.addPage(above, 'Pay', { body: '<p>Soon.</p>' })
  const runbook = world.addPage(ops, 'Runbook')
  for (let nr = 0; nr < comments; nr += 1) world.addComment(pay, `<p>Comment ${nr}.</p>`)
  world.addComment(runbook, '<p>It works.</p>')
  return { world, staff, hr, ops, above, pay, runbook }
}

let sandbox: Sandbox
let site: Visit

afterEach(async () => {
  await site.close()
  await sandbox.close()
})

async function open({ world }: ReturnType<typeof wiki>, flavour: Flavour): Promise<void> {
  sandbox = await startSandbox({ world, flavour })
  site = await visit(sandbox, flavour)
  sandbox.stats.reset()
}

/** Written now, by the clock of the site. */
function writtenNow(comment: WorldNode): WorldNode {
  comment.version = { ...comment.version, createdAt: new Date() }
  return comment
}

const status = (code: number, on: string, more: Partial<Fault> = {}): Fault => ({
  effect: { kind: 'status', status: code },
  on,
  ...more,
})

describe.each(flavours)('comments that are read while people go on, on %s', (flavour) => {
  it('are for those who may read the page now, if they were written now', async () => {
    const them = wiki()
    await open(them, flavour)
    them.world.restrict(them.above, 'read', [them.world.crawler])
    const secret = writtenNow(them.world.addComment(them.pay, '<p>It is 4711.</p>'))
    const { documents } = await gather(site)
    const late = documents.find(({ id }) => id.endsWith(`/${secret.id}`))!
    const { data } = late.permissions
    expect(data[0].read.groups).toEqual([])
    expect(data[0].read.users).toHaveLength(1)
    const others = documents.filter(({ id, title }) => title.includes('Pay') && id !== late.id)
    expect(others).toHaveLength(3)
    for (const { permissions } of others)
      expect(permissions).toBe(site.pages.get('Pay')!.document.permissions)
  })

  it('are left for the next run where the page closed before somebody edited them', async () => {
    const them = wiki(1)
    await open(them, flavour)
    const [comment] = them.world.attached(them.pay.id, 'comment')
    const gathered = gather(site, {
      recall: async () => undefined,
      meanwhile: () => {
        them.world.restrict(them.pay, 'read', [them.world.crawler])
        them.world.edit(comment!, '<p>It is 4711.</p>')
      },
    })
    await expect(gathered).rejects.toMatchObject({ kind: 'content', code: 'confluence.page.changed' })
  })

  it('are taken as they are where they were edited and their readers are the same', async () => {
    const them = wiki(1)
    await open(them, flavour)
    const [comment] = them.world.attached(them.pay.id, 'comment')
    const { contents } = await gather(site, {
      recall: async () => undefined,
      meanwhile: () => them.world.edit(comment!, '<p>Edited.</p>'),
    })
    expect((await elementsOf(contents.get('Comment on "Pay"')!)).at(-1)).toContain('Edited.')
  })

  it('fail alone where they were deleted between the list and their bodies', async () => {
    const them = wiki(1)
    await open(them, flavour)
    const [comment] = them.world.attached(them.pay.id, 'comment')
    const { listed } = await gather(site, { recall: async () => undefined, read: false })
    them.world.purge(comment!)
    const outcomes = await Promise.allSettled(
      listed.map(async (each) => (each.type === 'document' ? each.content!({ signal: site.signal }) : each)),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(outcomes[0]).toMatchObject({ reason: { code: 'confluence.page.changed' } })
  })

  it('do not follow a page that went into another space', async () => {
    const them = wiki()
    await open(them, flavour)
    them.world.move(them.pay, them.ops)
    const { documents } = await gather(site)
    expect(documents.map(({ title }) => title)).toEqual(['Comment on "Runbook"'])
  })

  it('fail where the page of a new one is not to be seen any more', async () => {
    const them = wiki(0)
    await open(them, flavour)
    const comment = writtenNow(them.world.addComment(them.pay, '<p>New.</p>'))
    const on = flavour === 'cloud' ? 'GET /wiki/api/v2/pages?id=' : 'GET /rest/api/content?ids='
    const change = () => them.world.restrict(them.pay, 'read', [them.world.addUser('Somebody')])
    sandbox.addFault({ effect: { kind: 'change', change }, on })
    const { listed } = await gather(site)
    expect(listed.find(({ type }) => type === 'failed')).toMatchObject({
      document: { id: `confluence:${site.wiki.api.site.id}/comments/${comment.id}`, kind: 'comments' },
      place: { objectId: comment.id, parentIds: [them.above.id, them.pay.id] },
      error: { code: 'confluence.page.changed' },
    })
  })
})

describe.each(flavours)('lists of comments that break on %s', (flavour) => {
  const list = flavour === 'cloud' ? 'type=comment' : 'scan*type=comment'

  it('never look like no comments: each space fails by name', async () => {
    await open(wiki(120), flavour)
    sandbox.addFault({ effect: { kind: 'repeat-cursor' }, on: list })
    const { listed } = await gather(site)
    const id = `confluence:${site.wiki.api.site.id}/comments-of/`
    // One thread of OPS fits on one page, which has no cursor to repeat.
    expect(listed).toMatchObject([
      { type: 'failed', document: { id: `${id}HR`, kind: 'comments', space: 'HR' } },
      { type: 'document', document: { title: 'Comment on "Runbook"' } },
    ])
    expect(listed[0]).toMatchObject({ error: { code: 'confluence.listing.repeats', kind: 'transient' } })
  })

  it('are read to their end through empty pages, and each comment once', async () => {
    await open(wiki(120), flavour)
    sandbox.addFault({ effect: { kind: 'empty-page' }, on: list })
    sandbox.addFault({ effect: { kind: 'repeat-item' }, on: list })
    const { documents } = await gather(site)
    expect(new Set(documents.map(({ id }) => id)).size).toBe(121)
    expect(documents).toHaveLength(121)
  })

  it('cost one space alone, where its own list stays broken', async () => {
    const them = wiki()
    await open(them, flavour)
    const hr = flavour === 'cloud' ? 'type=comment*"HR"' : 'scan*spaceKey=HR*type=comment'
    const ofOne = flavour === 'cloud' ? hr : 'scan*type=comment*spaceKey=HR'
    sandbox.addFault(status(500, ofOne))
    const { listed } = await gather(site, { everywhere: false })
    expect(listed.map((each) => ('document' in each ? each.document.space : ''))).toEqual(['HR', 'OPS'])
    expect(listed.map(({ type }) => type)).toEqual(['failed', 'document'])
  })

  it('of the whole site give way to lists of its spaces', async () => {
    await open(wiki(120), flavour)
    const ofAll = flavour === 'cloud' ? 'cql=type=comment order' : 'scan?type=comment&status=current&cursor'
    sandbox.addFault({ effect: { kind: 'repeat-cursor' }, on: ofAll })
    const { documents, listed } = await gather(site)
    expect(documents).toHaveLength(121)
    expect(listed).toHaveLength(121)
  })

  it('still bring all comments where no body comes along; then each fails that has none', async () => {
    await open(wiki(), flavour)
    sandbox.addFault({ effect: { kind: 'heavy', bodies: 0 }, on: 'body.storage' })
    const { documents, listed } = await gather(site, { read: false })
    expect(documents).toHaveLength(4)
    for (const each of listed) {
      if (each.type !== 'document') throw new Error(`${each.type} instead of a document`)
      await expect(each.content!({ signal: site.signal })).rejects.toMatchObject({
        kind: 'content',
        code: 'confluence.body.missing',
      })
    }
  })

  it('never exceed what the site can bear', async () => {
    await open(wiki(40), flavour)
    sandbox.addFault({ effect: { kind: 'heavy', bodies: 10 } })
    const { documents, contents } = await gather(site)
    expect(documents).toHaveLength(41)
    expect(contents.size).toBe(2)
    expect(requestsTo(sandbox, /body\.storage/)).toBeLessThan(12)
  })
})
