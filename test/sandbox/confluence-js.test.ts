/**
 * A client library that knows nothing of this project reads the sandbox. Its schemas are made from Atlassian's own descriptions and
 * kept current against real sites; in audit mode they also report every key that Atlassian does not document.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { viewerOf } from '../../src/sandbox/access.ts'
import { type Sandbox, sampleWorld, startSandbox } from '../../src/sandbox/index.ts'
import type { WorldNode } from '../../src/sandbox/world.ts'
import { type SmallWiki, smallWiki } from './small-wiki.ts'

type Library = typeof import('confluence.js')

let wiki: SmallWiki
let sandbox: Sandbox
let v1: ReturnType<Library['createV1Client']>
let v2: ReturnType<Library['createV2Client']>

let library: Library

function connect({ url: host, credentials }: Sandbox): void {
  const { username: email, api_token: apiToken } = credentials
  const site = { host, auth: { type: 'basic' as const, email, apiToken } }
  v1 = library.createV1Client(site)
  v2 = library.createV2Client(site)
}

beforeAll(async () => {
  process.env.AUDIT_SCHEMAS = 'true'
  library = await import('confluence.js')
  wiki = smallWiki()
  sandbox = await startSandbox({ world: wiki.world, flavour: 'cloud' })
  connect(sandbox)
})

afterAll(async () => {
  await sandbox.close()
  delete process.env.AUDIT_SCHEMAS
})

const ids = (list: { results?: readonly { id?: string | undefined }[] | undefined }) =>
  list.results?.map(({ id }) => id)
const titles = (list: { results?: readonly { title?: string | undefined }[] | undefined }) =>
  list.results?.map(({ title }) => title)

describe('confluence.js reads from the sandbox', () => {
  it('spaces, their permissions and roles', async () => {
    const spaces = await v2.space.getSpaces({ keys: ['STAFF'], descriptionFormat: 'plain' })
    expect(spaces.results).toMatchObject([
      { key: 'STAFF', name: 'Staff', description: { plain: { value: 'For all of us' } } },
    ])
    const id = Number(wiki.staff.id)
    const space = await v2.space.getSpaceById({ id, includePermissions: true })
    expect(space.homepageId).toBe(wiki.pages.home.id)
    const permissions = await v2.spacePermissions.getSpacePermissionsAssignments({ id, limit: 250 })
    expect(permissions.results).toHaveLength(wiki.staff.grants.length)
    const classes = permissions.results?.filter(({ principal }) => principal?.type === 'access-class')
    expect(classes?.map(({ principal }) => principal?.id)).toEqual([
      'ALL_LICENSED_USERS',
      'ALL_PRODUCT_ADMINS',
    ])
    expect(await v2.spaceRoles.getSpaceRoleMode()).toEqual({ mode: 'PRE_ROLES' })
    expect((await v2.spaceRoles.getSpaceRoleAssignments({ id })).results).toEqual([])
    expect((await v2.spaceRoles.getAvailableSpaceRoles({})).results).toEqual([])
  })

  it('pages in a space with their bodies, and none that its account may not see', async () => {
    const id = Number(wiki.staff.id)
    const pages = await v2.page.getPagesInSpace({
      id,
      depth: 'all',
      bodyFormat: 'storage',
      sort: 'id',
      limit: 250,
    })
    expect(titles(pages)).toEqual(['Welcome', 'Plan 2024', 'Notes', 'Rules'])
    expect(pages.results?.[0]?.body?.storage?.value).toBe('<p>Good to have you.</p>')
    expect(pages.results?.[1]).toMatchObject({ parentId: wiki.nodes.folder.id, parentType: 'folder' })
    expect(pages.results?.[0]).toMatchObject({ parentId: null, parentType: null })
  })

  it('pages site-wide, by id, by title, newest change first', async () => {
    const { home, plan, secret } = wiki.pages
    const wanted = [home, plan, secret].map(({ id }) => Number(id))
    expect(ids(await v2.page.getPages({ id: wanted }))).toEqual([home.id, plan.id])
    expect(titles(await v2.page.getPages({ title: 'Plan 2024' }))).toEqual(['Plan 2024'])
    expect(titles(await v2.page.getPages({ sort: '-modified-date', limit: 1 }))).toEqual(['Rules'])
  })

  it('one page with labels, operations and its rendered view', async () => {
    const id = Number(wiki.pages.plan.id)
    const page = await v2.page.getPageById({
      id,
      bodyFormat: 'view',
      includeLabels: true,
      includeOperations: true,
    })
    expect(page.body?.view?.value).toContain('First things first.')
    expect(page.operations?.results?.map(({ operation }) => operation)).toEqual(['read', 'update', 'delete'])
    expect((await v2.label.getPageLabels({ id: Number(wiki.pages.home.id) })).results).toHaveLength(2)
    expect((await v2.version.getPageVersions({ id })).results).toMatchObject([{ number: 1 }])
  })

  it('nothing of a page that its account may not see', async () => {
    const refused = await v2.page
      .getPageById({ id: Number(wiki.pages.secret.id) })
      .catch((error: unknown) => error)
    expect(library.isNotFoundError(refused)).toBe(true)
    const below = await v2.page
      .getPageById({ id: Number(wiki.pages.belowSecret.id) })
      .catch((error: unknown) => error)
    expect(library.isNotFoundError(below)).toBe(true)
  })

  it('the tree: ancestors, children, descendants, folders, whiteboards', async () => {
    const { home, plan, live } = wiki.pages
    const { folder, board } = wiki.nodes
    const ancestors = await v2.ancestors.getPageAncestors({ id: Number(live.id) })
    expect(ids(ancestors)).toEqual([home.id, folder.id, plan.id])
    expect(titles(await v2.children.getPageDirectChildren({ id: Number(home.id) }))).toEqual([
      'Projects',
      'Rules',
    ])
    expect(titles(await v2.children.getChildPages({ id: Number(home.id) }))).toEqual(['Rules'])
    const below = await v2.descendants.getPageDescendants({ id: Number(home.id), depth: 3 })
    expect(titles(below)).toEqual(['Projects', 'Rules', 'Ideas', 'Plan 2024', 'Notes'])
    expect(await v2.folder.getFolderById({ id: Number(folder.id) })).toMatchObject({ title: 'Projects' })
    expect(await v2.whiteboard.getWhiteboardById({ id: Number(board.id) })).toMatchObject({ title: 'Ideas' })
    const types = await v2.content.convertContentIdsToContentTypes({
      body: { contentIds: [home.id, folder.id] },
    })
    expect(types.results).toEqual({ [home.id]: 'page', [folder.id]: 'folder' })
  })

  it('blog posts and what carries a label', async () => {
    const post = Number(wiki.nodes.post.id)
    expect(titles(await v2.blogPost.getBlogPosts({ bodyFormat: 'storage' }))).toEqual(['We moved'])
    expect(titles(await v2.blogPost.getBlogPostsInSpace({ id: Number(wiki.staff.id) }))).toEqual(['We moved'])
    expect(await v2.blogPost.getBlogPostById({ id: post })).toMatchObject({ title: 'We moved' })
    const labels = await v2.label.getLabels({})
    const news = labels.results?.find(({ name }) => name === 'news')
    expect(titles(await v2.blogPost.getLabelBlogPosts({ id: Number(news?.id) }))).toEqual(['We moved'])
  })

  it('comments: threads and their answers, in the margin and below', async () => {
    const plan = Number(wiki.pages.plan.id)
    const footer = await v2.comment.getPageFooterComments({ id: plan, bodyFormat: 'storage' })
    expect(footer.results).toMatchObject([
      { id: wiki.nodes.comment.id, body: { storage: { value: '<p>When?</p>' } } },
    ])
    const thread = Number(wiki.nodes.comment.id)
    expect(ids(await v2.comment.getFooterCommentChildren({ id: thread }))).toEqual([wiki.nodes.answer.id])
    expect(await v2.comment.getFooterCommentById({ commentId: thread })).toMatchObject({
      title: 'Re: Plan 2024',
    })
    const inline = await v2.comment.getPageInlineComments({ id: plan })
    expect(inline.results?.[0]?.properties).toMatchObject({ inlineOriginalSelection: 'First things' })
    expect(ids(await v2.comment.getFooterComments({}))).toEqual([wiki.nodes.comment.id, wiki.nodes.answer.id])
  })

  it('attachments, down to their bytes', async () => {
    const { file } = wiki.nodes
    const page = wiki.pages.plan.id
    const listed = await v2.attachment.getPageAttachments({ id: Number(page) })
    expect(listed.results).toMatchObject([
      { id: `att${file.id}`, title: 'figures.csv', fileSize: 8, pageId: page },
    ])
    expect(ids(await v2.attachment.getAttachments({}))).toEqual([`att${file.id}`])
    expect(await v2.attachment.getAttachmentById({ id: `att${file.id}` })).toMatchObject({
      title: 'figures.csv',
    })
    const download = { id: page, attachmentId: `att${file.id}` }
    const bytes = await v1.contentAttachments.downloadAttatchment(download)
    expect(Buffer.from(bytes as Uint8Array).toString()).toBe('a;b\n1;2\n')
  })

  it('content by CQL, with everything the list may carry', async () => {
    const found = await v1.content.searchContentByCQL({
      cql: 'space = "STAFF" and type in (page, blogpost) order by created',
      limit: 200,
      expand: [
        'restrictions.read.restrictions.user',
        'restrictions.read.restrictions.group',
        'restrictions.update.restrictions.user',
        'metadata.labels',
        'version',
        'ancestors',
        'space',
        'history.lastUpdated',
        'children.attachment',
        'body.storage',
      ],
    })
    expect(titles(found)).toEqual(['Welcome', 'Plan 2024', 'Notes', 'Rules', 'We moved'])
    const rules = found.results.find(({ title }) => title === 'Rules')
    const readers = rules?.restrictions?.read?.restrictions?.user?.results.map(({ accountId }) => accountId)
    expect(readers).toEqual([wiki.world.crawler.accountId, wiki.people.ada.accountId])
    const plan = found.results.find(({ title }) => title === 'Plan 2024')
    expect(titles(plan?.children?.attachment ?? {})).toEqual(['figures.csv'])
  })

  it('search results and people', async () => {
    const found = await v1.search.searchByCQL({ cql: 'text ~ "office"' })
    expect(found.results).toMatchObject([{ title: 'We moved', content: { type: 'blogpost' } }])
    const people = await v1.search.searchUser({ cql: 'user.fullname ~ "Ada"' })
    expect(people.results).toMatchObject([{ user: { displayName: 'Ada Lund' } }])
  })

  it('restrictions of one page', async () => {
    const { id } = wiki.pages.guarded
    const all = await v1.contentRestrictions.getRestrictions({ id })
    expect(all.results.map(({ operation }) => operation)).toEqual(['read', 'update'])
    const byOperation = await v1.contentRestrictions.getRestrictionsByOperation({ id })
    expect(byOperation.update?.restrictions?.user?.results).toMatchObject([{ displayName: 'Ada Lund' }])
    const second = await v1.contentRestrictions.getRestrictionsForOperation({
      id,
      operationKey: 'read',
      start: 1,
      limit: 1,
    })
    expect(second.restrictions?.user?.results).toMatchObject([{ displayName: 'Ada Lund' }])
  })

  it('whether it may read, update or delete', async () => {
    const subject = { type: 'user', identifier: wiki.world.crawler.accountId }
    const check = async (id: string, operation: string) =>
      (await v1.contentPermissions.checkContentPermission({ id, subject, operation })).hasPermission
    expect(await check(wiki.pages.home.id, 'update')).toBe(true)
    expect(await check(wiki.pages.secret.id, 'read')).toBe(false)
    expect(await check(wiki.pages.guarded.id, 'read')).toBe(true)
    expect(await check(wiki.pages.guarded.id, 'update')).toBe(false)
  })

  it('groups and users', async () => {
    const { licensed, admins } = wiki.groups
    const { ada } = wiki.people
    expect((await v1.group.getGroups()).results.map(({ name }) => name)).toEqual([
      'confluence-users',
      'site-admins',
    ])
    expect((await v1.group.getGroups({ accessType: 'admin' })).results).toMatchObject([{ id: admins.id }])
    expect(await v1.group.getGroupByGroupId({ id: licensed.id })).toMatchObject({ name: 'confluence-users' })
    const members = await v1.group.getGroupMembersByGroupId({
      groupId: licensed.id,
      shouldReturnTotalSize: true,
    })
    expect(members.totalSize).toBe(3)
    expect((await v1.group.getGroupMembersByGroupId({ groupId: 'none' })).results).toEqual([])
    expect((await v1.group.searchGroups({ query: 'admin' })).results).toHaveLength(1)
    expect(await v1.users.getCurrentUser()).toMatchObject({ type: 'known', displayName: 'Wiki Crawler' })
    expect(await v1.users.getUser({ accountId: ada.accountId })).toMatchObject({ displayName: 'Ada Lund' })
    expect((await v1.users.getBulkUserLookup({ accountId: ada.accountId })).results).toHaveLength(1)
    const groupsOf = await v1.users.getGroupMembershipsForUser({ accountId: ada.accountId })
    expect(groupsOf.results.map(({ name }) => name)).toEqual(['confluence-users', 'site-admins'])
    const bulk = await v2.user.createBulkUserLookup({ body: { accountIds: [ada.accountId, 'nobody'] } })
    expect(bulk.results).toMatchObject([{ accountId: ada.accountId, accountStatus: 'active' }])
  })

  it('a body converted to its view, alone and in bulk', async () => {
    const contentIdContext = wiki.pages.plan.id
    const body = { value: '<p>Hello &auml;</p>', representation: 'storage' }
    const { asyncId } = await v1.contentBody.asyncConvertContentBodyRequest({
      ...body,
      to: 'view',
      contentIdContext,
    })
    const converted = await v1.contentBody.asyncConvertContentBodyResponse({ id: asyncId })
    expect(converted).toMatchObject({ status: 'COMPLETED', value: '<p>Hello ä</p>' })
    const conversionInputs = [{ to: 'export_view', body, contentIdContext }]
    const started = await v1.contentBody.bulkAsyncConvertContentBodyRequest({ conversionInputs })
    const ids = started.map((each) => each.asyncId)
    const [bulk] = await v1.contentBody.bulkAsyncConvertContentBodyResponse({ ids })
    expect(bulk).toMatchObject({ status: 'COMPLETED', value: '<p>Hello ä</p>' })
  })
})

const inOrder = (ids: readonly (string | undefined)[]) => ids.toSorted((a = '', b = '') => (a < b ? -1 : 1))

/** Follows the cursors of a list to its end. */
async function all<Item>(
  list: (cursor?: string) => Promise<{
    results?: readonly Item[] | undefined
    _links?: { next?: string | undefined } | undefined
  }>,
): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | undefined
  do {
    const page = await list(cursor)
    items.push(...(page.results ?? []))
    const next = page._links?.next
    cursor = next === undefined ? undefined : new URL(next, sandbox.url).searchParams.get('cursor')!
  } while (cursor !== undefined)
  return items
}

describe('confluence.js reads the whole sample site', () => {
  const world = sampleWorld({ flavour: 'cloud' })
  let sample: Sandbox

  beforeAll(async () => {
    sample = await startSandbox({ world, flavour: 'cloud' })
    connect(sample)
  })

  afterAll(() => sample.close())

  /** Ids of what its account may see, beside the library. */
  const seen = (type: WorldNode['type']) =>
    world.spaces
      .flatMap(({ id }) => {
        const list = world.list(id, type)
        return Array.from({ length: list.length }, (_, index) => list.at(index))
      })
      .filter(({ status }) => status === 'current' || (status === 'archived' && type === 'page'))
      .filter((node) => viewerOf(world, world.crawler).may('read', node))
      .map(({ id }) => id)

  const page = (cursor?: string) => ({ limit: 7, ...(cursor !== undefined && { cursor }) })

  it('every space with who may do what', async () => {
    const spaces = await all((cursor) => v2.space.getSpaces(page(cursor)))
    const visible = world.spaces.filter((space) => viewerOf(world, world.crawler).sees(space))
    expect(inOrder(spaces.map(({ key }) => key))).toEqual(inOrder(visible.map(({ key }) => key)))
    for (const space of spaces) {
      const id = Number(space.id)
      const grants = await all((cursor) =>
        v2.spacePermissions.getSpacePermissionsAssignments({ id, ...page(cursor) }),
      )
      expect(grants.length).toBe(world.spaces.find((each) => each.id === space.id)?.grants.length)
      await v2.spaceRoles.getSpaceRoleAssignments({ id })
    }
  })

  it('every page with its view, labels, ancestors, restrictions, comments and attachments', async () => {
    const pages = await all((cursor) => v2.page.getPages({ bodyFormat: 'storage', ...page(cursor) }))
    expect(inOrder(pages.map(({ id }) => id))).toEqual(inOrder(seen('page')))
    const attachments: unknown[] = []
    for (const { id, body } of pages) {
      const rendered = await v2.page.getPageById({ id: Number(id), bodyFormat: 'view', includeLabels: true })
      if (body?.storage?.value) expect(rendered.body?.view?.value).not.toBe('')
      await v2.ancestors.getPageAncestors({ id: Number(id) })
      await v1.contentRestrictions.getRestrictions({ id: id! })
      await v2.comment.getPageInlineComments({ id: Number(id), bodyFormat: 'storage' })
      const threads = await v2.comment.getPageFooterComments({ id: Number(id), bodyFormat: 'storage' })
      for (const thread of threads.results ?? [])
        await v2.comment.getFooterCommentChildren({ id: Number(thread.id) })
      attachments.push(
        ...(await all((cursor) => v2.attachment.getPageAttachments({ id: Number(id), ...page(cursor) }))),
      )
    }
    const everyFile = await all((cursor) => v2.attachment.getAttachments(page(cursor)))
    expect(inOrder(everyFile.map(({ id }) => id!.slice(3)))).toEqual(inOrder(seen('attachment')))
    expect(attachments.length).toBeGreaterThan(0)
    expect(attachments.length).toBeLessThanOrEqual(everyFile.length)
  })

  it('every blog post, every comment, and all of it once more by CQL', async () => {
    const posts = await all((cursor) => v2.blogPost.getBlogPosts({ bodyFormat: 'storage', ...page(cursor) }))
    expect(inOrder(posts.map(({ id }) => id))).toEqual(inOrder(seen('blogpost')))
    const footer = await all((cursor) => v2.comment.getFooterComments(page(cursor)))
    const inline = await all((cursor) => v2.comment.getInlineComments(page(cursor)))
    expect(inOrder([...footer, ...inline].map(({ id }) => id))).toEqual(inOrder(seen('comment')))
    const expand = [
      'restrictions.read.restrictions.user',
      'restrictions.update.restrictions.group',
      'metadata.labels',
      'version',
      'children.attachment',
      'space',
      'ancestors',
    ]
    const found = await all((cursor) =>
      v1.content.searchContentByCQL({ cql: 'type in (page, blogpost) order by id', expand, ...page(cursor) }),
    )
    const archived = world.spaces.filter(({ status }) => status === 'archived').map(({ id }) => id)
    const current = [...seen('page'), ...seen('blogpost')].filter((id) => {
      const node = world.node(id)!
      return node.status === 'current' && !archived.includes(node.spaceId)
    })
    expect(inOrder(found.map(({ id }) => id))).toEqual(inOrder(current))
  })

  it('every group with its members', async () => {
    const { results } = await v1.group.getGroups({ limit: 200 })
    expect(results).toHaveLength(world.groups.length)
    for (const { id } of results) {
      const members = await v1.group.getGroupMembersByGroupId({ groupId: id })
      expect(members.results.length).toBeLessThanOrEqual(
        world.groups.find((group) => group.id === id)!.members.size,
      )
    }
  })
})

it('In none of that was there a key or a value that real sites do not send', () => {
  const drift = (globalThis as Record<symbol, unknown>)[Symbol.for('apis-code-gen.schemaAudit')] ?? []
  expect(drift).toEqual([])
})
