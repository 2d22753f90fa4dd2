import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { Document } from '../../src/model/document.ts'
import { memoryWorld, type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { type Flavour, signIn, walk } from './walking.ts'

interface Site {
  readonly flavour: Flavour
  readonly version?: string
}

const sites: readonly (Site & { readonly name: string })[] = [
  { name: 'Cloud', flavour: 'cloud' },
  ...['7.4', '8.5', '10.0.3'].map((version) => ({
    name: `Data Center ${version}`,
    flavour: 'data-center' as const,
    version,
  })),
]

const { signal } = new AbortController()
const bytes = (text: string) => () => Buffer.from(text)
const pdf = (text: string) => ({ mediaType: 'application/pdf', bytes: bytes(`%PDF-1.4 ${text}`) })

/** HR is for the staff: a page with files, a page for the board with one, a post with one; FUN has none. */
function hr() {
  const world = memoryWorld({ name: 'Files' })
  const [ada, ben] = [world.addUser('Ada Lindqvist'), world.addUser('Ben Brown')]
  const staff = world.addGroup('staff', [world.crawler, ada, ben])
  const [space, fun] = [world.addSpace('HR', 'People'), world.addSpace('FUN', 'Fun')]
  world.grant(space, staff, VIEW)
  for (const each of [space, fun]) world.grant(each, world.crawler, ADMINISTER)
  const home = world.addPage(space, 'Home', { body: '<p>Welcome.</p>' })
  const leave = world.addPage(home, 'Leave', { body: '<p>30 days.</p>' })
  const board = world.addPage(home, 'Board', { body: '<p>Pay.</p>', read: [ada, world.crawler] })
  const post = world.addBlogPost(space, 'News', { body: '<p>News.</p>' })
  world.addPage(fun, 'Jokes', { body: '<p>Ha.</p>' })
  const plan = world.addAttachment(leave, 'Leave plan (Süd) 1/2.pdf', {
    ...pdf('plan'),
    author: ben,
    labels: ['leave'],
  })
  const pay = world.addAttachment(board, 'pay.csv', { mediaType: 'text/csv', bytes: bytes('a,b\n1,2\n') })
  const photo = world.addAttachment(post, 'photo.png', { mediaType: 'image/png', bytes: bytes('\x89PNG') })
  return { world, ada, ben, space, home, leave, board, post, plan, pay, photo }
}

const files = (documents: readonly Document[]) => documents.filter(({ kind }) => kind === 'attachment')
const fileTitles = (documents: readonly Document[]) => files(documents).map(({ title }) => title)
const extract = { extract_files: true }

let sandbox: Sandbox | undefined
afterEach(() => sandbox?.close())

async function open(options: SandboxOptions) {
  sandbox = await startSandbox(options)
  const settings = { ...signIn(sandbox, options.flavour), ...extract }
  return { sandbox, source: confluence(settings) }
}

const optionsOf = ({ flavour, version }: Site) => ({ flavour, ...(version ? { version } : {}) })

describe.each(sites)('files on $name', (site) => {
  it('are documents only where the settings say so', async () => {
    const { world } = hr()
    const { documents, requests } = await walk({ world, ...optionsOf(site) })
    expect(files(documents)).toEqual([])
    expect(requests(/attachment/)).toBe(0)
  })

  it('know their page, their place, their version and their readers', async () => {
    const { world, leave, home, space, plan } = hr()
    const { documents } = await walk({ world, ...optionsOf(site), settings: extract })
    expect(fileTitles(documents).sort()).toEqual(['Leave plan (Süd) 1/2.pdf', 'pay.csv', 'photo.png'])
    const page = documents.find(({ title }) => title === 'Leave')!
    const document = documents.find(({ title }) => title.startsWith('Leave plan'))!
    const siteId = page.place.site
    expect(document).toMatchObject({
      id: `${siteId}/attachment/${plan.id}`,
      kind: 'attachment',
      space: 'HR',
      place: { site: siteId, objectId: plan.id, spaceId: space.id, parentIds: [home.id, leave.id] },
      path: `HR/${plan.id}-Leave_plan__S_d__1_2.pdf`,
      filename: 'Leave plan (Süd) 1_2.pdf',
      mediaType: 'application/pdf',
      size: plan.attachment!.size,
      version: '1',
      author: 'Ben Brown',
      createdAt: plan.createdAt,
      modifiedAt: plan.version.createdAt,
      ancestors: ['Home', 'Leave'],
      labels: ['leave'],
      recordLocator: { space_id: 'HR', document_id: plan.id, page_id: leave.id, type: 'attachment' },
    })
    expect(document.permissions).toBe(page.permissions)
    expect(document.url).toMatch(/^http/)
    const [boardFile, boardPage] = ['pay.csv', 'Board'].map((name) =>
      documents.find(({ title }) => title === name),
    )
    expect(boardFile!.permissions).toBe(boardPage!.permissions)
    expect(boardFile!.permissions).not.toBe(page.permissions)
  })

  it('are listed in bulk, and fetched from the document alone, by whatever process', async () => {
    const { world } = hr()
    const { documents, texts, requests } = await walk({
      world,
      ...optionsOf(site),
      settings: extract,
      read: true,
    })
    expect(requests(/type=attachment/)).toBe(site.flavour === 'cloud' ? 1 : 2)
    expect(texts.get('pay.csv')).toBe('a,b\n1,2\n')
    const { source } = await open({ world, ...optionsOf(site) })
    const handed = JSON.parse(JSON.stringify(files(documents)[0])) as Document
    const content = await source.download(handed, { signal })
    if (!('file' in content.body)) throw new Error('It is no file.')
    const { file } = content.body
    expect(await readFile(file, 'utf8')).toBe('%PDF-1.4 plan')
    expect(content).toMatchObject({ mediaType: 'application/pdf', bytes: 13 })
    await content.dispose?.()
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' })
    await source.close()
  })

  it('come in the version that was listed, whatever was uploaded since', async () => {
    const { world, plan } = hr()
    const { documents } = await walk({ world, ...optionsOf(site), settings: extract })
    world.replaceFile(plan, bytes('%PDF-1.4 for fewer eyes'))
    const { source } = await open({ world, ...optionsOf(site) })
    const content = await source.download(files(documents)[0]!, { signal })
    expect(content.bytes).toBe(13)
    await content.dispose?.()
    await source.close()
  })

  it('are skipped by type and by size, and with a page that is skipped', async () => {
    const { world } = hr()
    const rules = async (settings: object) => {
      const { listed } = await walk({ world, ...optionsOf(site), settings: { ...extract, ...settings } })
      return listed.flatMap((each) =>
        each.type === 'skipped' && each.document.kind === 'attachment'
          ? [`${each.document.title}: ${each.rule.split(':')[0]}`]
          : [],
      )
    }
    expect(await rules({ file_types: ['.PDF', 'image/*'] })).toEqual(['pay.csv: file_types'])
    expect(await rules({ max_file_size: 8 })).toEqual(['Leave plan (Süd) 1/2.pdf: max_file_size'])
    world.label(world.list(world.spaces[0]!.id, 'page').at(1), ['kept'])
    expect((await rules({ labels: ['kept'] })).sort()).toEqual(['pay.csv: labels', 'photo.png: labels'])
  })

  it('of a space whose list breaks are none, which is said, and costs the pages nothing', async () => {
    const { world } = hr()
    const { listed, documents, error } = await walk({
      world,
      ...optionsOf(site),
      settings: extract,
      faults: [{ effect: { kind: 'status', status: 400 }, on: 'type=attachment' }],
    })
    expect(error).toBeUndefined()
    expect(fileTitles(documents)).toEqual([])
    expect(documents).toHaveLength(5)
    const failed = listed.flatMap((each) => (each.type === 'failed' ? [each.document.title] : []))
    expect(failed.sort()).toEqual(['Files of space FUN (Fun)', 'Files of space HR (People)'])
  })
})

describe('a search that takes its next page for a bad request', () => {
  it('is read in smaller pages, or costs the files of a space', async () => {
    const { world } = hr()
    const fault = (count?: number) => ({
      effect: { kind: 'status', status: 400 } as const,
      on: 'type=attachment',
      ...(count ? { count } : {}),
    })
    const once = await walk({ world, flavour: 'data-center', settings: extract, faults: [fault(1)] })
    expect(fileTitles(once.documents)).toHaveLength(3)
    const always = await walk({ world, flavour: 'data-center', settings: extract, faults: [fault()] })
    expect(always.error).toBeUndefined()
    expect(always.documents).toHaveLength(5)
  })
})

describe.each(sites.slice(0, 2))('what comes in place of a file on $name', (site) => {
  const on = site.flavour === 'cloud' ? '/file/' : '/download/attachments/'

  async function download(...faults: NonNullable<SandboxOptions['faults']>) {
    const { world } = hr()
    const { documents } = await walk({ world, ...optionsOf(site), settings: extract })
    const { source, sandbox } = await open({ world, ...optionsOf(site), faults })
    try {
      const content = await source.download(files(documents)[0]!, { signal })
      await content.dispose?.()
      return { content, sandbox }
    } catch (error) {
      return { error, sandbox }
    } finally {
      await source.close()
    }
  }

  it.each(['login-page', 'truncate'] as const)('is no file: %s', async (kind) => {
    const { error } = await download({ effect: { kind }, on })
    expect(error).toMatchObject({ kind: 'content', code: 'confluence.download.not_the_file' })
  })

  it('is gone on from where the connection broke', async () => {
    const { content } = await download({ effect: { kind: 'reset' }, on, count: 1 })
    expect(content?.bytes).toBe(13)
  })

  it('that is gone meanwhile is missing, alone', async () => {
    const { error } = await download({ effect: { kind: 'status', status: 404 }, on })
    expect(error).toMatchObject({ kind: 'missing' })
  })
})

describe('the media host', () => {
  it('sees neither credentials nor cookies', async () => {
    const { world } = hr()
    const { source, sandbox } = await open({ world, flavour: 'cloud' })
    for await (const each of source.index({ signal, emit: () => undefined })) {
      if (each.type !== 'document' || each.document.kind !== 'attachment') continue
      const content = await source.download(each.document, { signal })
      await content.dispose?.()
    }
    await source.close()
    const asked = sandbox.stats.read().recorded.filter(({ path }) => path.startsWith('/file/'))
    // It answers nobody who shows any.
    expect(asked.map(({ status }) => status)).toEqual([200, 200, 200])
  })
})
