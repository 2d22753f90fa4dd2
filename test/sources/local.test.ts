import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Listed } from '../../src/model/contracts.ts'
import local from '../../src/sources/local/index.ts'
import { keepsTheContract } from './contract.ts'

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'outflow-local-'))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

keepsTheContract('local', async () => {
  const folder = await folderWith({
    'a.txt': 'One',
    'b.md': '# Two',
    'deep/er/c.csv': 'x,y\n1,2',
    'deep/d.txt': 'Four',
  })
  return {
    open: () => local({ path: folder, groups: ['staff'] }),
    remove: ({ place }) => rm(join(folder, place.objectId)),
    dispose: () => rm(folder, { recursive: true }),
  }
})

const context = { signal: new AbortController().signal, emit: () => {} }
const list = (settings: Parameters<typeof local>[0]): Promise<Listed[]> =>
  Array.fromAsync(local(settings).index(context))
const names = (listed: readonly Listed[]) =>
  listed.map((each) => (each.type === 'truncated' ? '' : `${each.type} ${each.document.title}`))

describe('a folder', () => {
  it('lets in whom its settings name, and nobody else', async () => {
    const folder = await folderWith({ 'a.txt': 'One' })
    const [open] = await list({ path: folder, users: ['b', 'a'], groups: ['staff'] })
    expect(open).toMatchObject({
      document: {
        permissions: {
          status: 'complete',
          data: [{ read: { users: ['a', 'b'], groups: ['staff'] } }, {}, {}],
        },
      },
    })
    const [closed] = await list({ path: folder })
    expect(closed).toMatchObject({ document: { permissions: { status: 'unknown' } } })
  })

  it('follows no links', async () => {
    const outside = await folderWith({ 'secret.txt': 'CLASSIFIED' })
    const folder = await folderWith({ 'a.txt': 'One' })
    await symlink(join(outside, 'secret.txt'), join(folder, 'b.txt'))
    await symlink(outside, join(folder, 'c'))
    expect(names(await list({ path: folder }))).toEqual(['document a.txt'])
  })

  it('does not read what became a link after it was listed', async () => {
    const outside = await folderWith({ 'secret.txt': 'CLASSIFIED' })
    const folder = await folderWith({ 'a.txt': 'One' })
    const source = local({ path: folder })
    const [listed] = await Array.fromAsync(source.index(context))
    await rm(join(folder, 'a.txt'))
    await symlink(join(outside, 'secret.txt'), join(folder, 'a.txt'))
    if (listed?.type !== 'document') throw new Error('It was not listed.')
    await expect(source.download(listed.document, context)).rejects.toMatchObject({ code: 'local.file_gone' })
  })

  it('does not read what is reached by a link that came in the way since', async () => {
    const outside = await folderWith({ 'a.txt': 'CLASSIFIED' })
    const folder = await folderWith({ 'below/a.txt': 'One' })
    const source = local({ path: folder })
    const [listed] = await Array.fromAsync(source.index(context))
    await rm(join(folder, 'below'), { recursive: true })
    await symlink(outside, join(folder, 'below'))
    if (listed?.type !== 'document') throw new Error('It was not listed.')
    const { document } = listed
    await expect(source.download(document, context)).rejects.toMatchObject({ code: 'local.file_gone' })
    const [fate] = await Array.fromAsync(source.revisit!([{ document, place: document.place }], context))
    expect(fate).not.toHaveProperty('document')
  })

  it('has a path of its own for each file, whatever that is called', async () => {
    const long = 'x'.repeat(230)
    const folder = await folderWith({
      ...{ 'a:b.txt': '1', 'a?b.txt': '2', 'a_b.txt': '3', '_outflow/job': '4' },
      ...{ [`${long}1.txt`]: '5', [`${long}2.txt`]: '6', [`${'本'.repeat(80)}.txt`]: '7' },
    })
    const paths = (await list({ path: folder })).map((each) =>
      each.type === 'document' ? each.document.path : '',
    )
    expect(new Set(paths).size).toBe(7)
    expect(paths).toContain('a_b.txt')
    expect(paths.flatMap((path) => path.split('/')).every((name) => Buffer.byteLength(name) <= 200)).toBe(
      true,
    )
    expect(paths.some((path) => path.startsWith('_outflow/'))).toBe(false)
  })

  it('leaves out what Outflow writes into it', async () => {
    const folder = await folderWith({
      ...{ 'a.txt': 'One', 'out/a.txt.json': '[]', 'out/_outflow/job.json': '{}', '.outflow/state/x': '1' },
    })
    expect(names(await list({ path: folder }))).toEqual(['document a.txt'])
  })

  it('leaves out other types, larger files and deeper folders, and says so', async () => {
    const folder = await folderWith({
      'a.txt': 'One',
      'b.md': 'Two',
      'c.txt': 'Three, and more',
      'd/e.txt': '5',
    })
    expect(names(await list({ path: folder, file_types: '.TXT', max_file_size: 5 }))).toEqual([
      'document a.txt',
      'skipped b.md',
      'skipped c.txt',
      'document e.txt',
    ])
    expect(names(await list({ path: folder, recursive: false }))).toHaveLength(3)
  })

  it('may be a single file', async () => {
    const folder = await folderWith({ 'a.txt': 'One', 'b.md': 'Two' })
    expect(names(await list({ path: join(folder, 'a.txt') }))).toEqual(['document a.txt'])
  })

  it('that is not there is a mistake in the settings, and proves nothing', async () => {
    const folder = await folderWith({ 'a.txt': 'One' })
    const source = local({ path: folder })
    const [listed] = await Array.fromAsync(source.index(context))
    await rm(folder, { recursive: true })
    await expect(list({ path: folder })).rejects.toMatchObject({ kind: 'config', code: 'local.not_there' })
    if (listed?.type !== 'document') throw new Error('It was not listed.')
    const asked = Array.fromAsync(
      source.revisit!([{ document: listed.document, place: listed.document.place }], context),
    )
    await expect(asked).rejects.toMatchObject({ code: 'local.not_there' })
  })
})
