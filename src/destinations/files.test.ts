import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Document } from '../model/document.ts'
import type { Element } from '../model/element.ts'
import { permissionFields, unknownPermissions } from '../model/permissions.ts'
import files from './files.ts'

const context = { signal: new AbortController().signal }

function document(path: string): Document {
  return {
    place: { site: 'wiki', objectId: '1', spaceId: '9', parentIds: [] },
    ...{ id: path, kind: 'page', title: path, url: 'https://wiki/1', space: 'S', path, filename: '1.html' },
    ...{ mediaType: 'text/html', version: '1', ancestors: [], labels: [], recordLocator: {} },
    permissions: unknownPermissions('not asked'),
  }
}

const elements: readonly Element[] = [
  { type: 'Title', element_id: 'a', text: 'Größe', metadata: { filename: '1.html' } },
  { type: 'NarrativeText', element_id: 'b', text: 'Two\nlines.', metadata: {} },
]

const isRoot = process.getuid?.() === 0

const folder = () => mkdtemp(join(tmpdir(), 'outflow-files-'))

describe('files', () => {
  it('writes a JSON array, and leaves no draft behind', async () => {
    const output_dir = await folder()
    const destination = files({ output_dir })
    await destination.open(context)
    await destination.upload(document('S/1.html'), elements, context)
    expect(await readdir(join(output_dir, 'S'))).toEqual(['1.html.json'])
    expect(JSON.parse(await readFile(join(output_dir, 'S', '1.html.json'), 'utf8'))).toEqual(elements)
  })

  it('writes NDJSON when asked', async () => {
    const output_dir = await folder()
    const destination = files({ output_dir, format: 'ndjson' })
    await destination.open(context)
    await destination.upload(document('S/1.html'), elements, context)
    const text = await readFile(join(output_dir, 'S', '1.html.ndjson'), 'utf8')
    expect(text.split('\n').map((line) => JSON.parse(line) as Element)).toEqual(elements)
  })

  it('replaces what it wrote before', async () => {
    const output_dir = await folder()
    const destination = files({ output_dir })
    await destination.open(context)
    await destination.upload(document('S/1.html'), elements, context)
    await destination.upload(document('S/1.html'), [], context)
    expect(JSON.parse(await readFile(join(output_dir, 'S', '1.html.json'), 'utf8'))).toEqual([])
  })

  it('sweeps up what a run that was killed left, and nothing of one that is under way', async () => {
    const output_dir = await folder()
    const pidOfNobody = Number(
      (await readFile('/proc/sys/kernel/pid_max', 'utf8').catch(() => '4194304')).trim(),
    )
    const left = join(output_dir, '_outflow', `drafts-${hostname()}-${pidOfNobody}-x`)
    await mkdir(left, { recursive: true })
    await writeFile(join(left, 'draft'), 'half of')
    const [first, second] = [files({ output_dir }), files({ output_dir })]
    await first.open(context)
    await second.open(context)
    await first.upload(document('S/1.html'), elements, context)
    await second.upload(document('S/2.html'), elements, context)
    await Promise.all([first.close(), second.close()])
    expect(await readdir(join(output_dir, 'S'))).toEqual(['1.html.json', '2.html.json'])
    expect(await readdir(join(output_dir, '_outflow'))).toEqual([])
  })

  it('finds a document where a run that died has left it: at its old path, at its new one, or at both', async () => {
    const output_dir = await folder()
    const destination = files({ output_dir })
    await destination.open(context)
    const [old, moved] = [document('OLD/1.html'), document('NEW/1.html')]
    const open = [
      { ...elements[0]!, metadata: { data_source: { ...permissionFields(unknownPermissions('open')) } } },
    ]
    const stored = (receipt: string) => ({ id: old.id, version: '1', receipt })
    const before = stored(await destination.upload(old, open, context))
    expect(destination.receiptOf!(old)).toBe(before.receipt)
    const either = stored(destination.receiptOf!(moved, before))
    const there = async () =>
      (await readdir(output_dir, { recursive: true })).filter((name) => name.endsWith('.json'))

    expect(await destination.missing!([either], context)).toEqual([])
    await destination.upload(moved, open, context)
    expect(await there()).toHaveLength(2)
    await destination.updateAccess!(either, unknownPermissions('closed'), context)
    for (const name of await there())
      expect(await readFile(join(output_dir, name), 'utf8')).toContain('"permissions_reason":"closed"')
    await destination.upload(moved, open, context, either)
    expect(await there()).toEqual(['NEW/1.html.json'])
    await destination.remove!(either, context)
    expect(await there()).toEqual([])
    expect(await destination.missing!([either], context)).toEqual([old.id])
    await destination.close()
  })

  it('loses one document where something stands in its way, and no other', async () => {
    const output_dir = await folder()
    await mkdir(join(output_dir, 'S', '1.html.json', 'in the way'), { recursive: true })
    const destination = files({ output_dir })
    await destination.open(context)
    await expect(destination.upload(document('S/1.html'), elements, context)).rejects.toMatchObject({
      ...{ code: 'files.not_written', kind: 'content' },
    })
    await destination.upload(document('S/2.html'), elements, context)
    await destination.close()
  })

  it('never writes outside its folder', async () => {
    const destination = files({ output_dir: await folder() })
    for (const path of ['../out', 'S/../../out', '/etc/out'])
      await expect(destination.upload(document(path), elements, context)).rejects.toMatchObject({
        code: 'files.path_outside',
      })
  })

  it('says that its folder is a file', async () => {
    const output_dir = join(await folder(), 'file')
    await writeFile(output_dir, 'here already')
    await expect(files({ output_dir }).open(context)).rejects.toMatchObject({
      code: 'files.not_a_folder',
      kind: 'config',
    })
    expect(await readFile(output_dir, 'utf8')).toBe('here already')
  })

  it('says that its folder is read-only', async () => {
    const output_dir = isRoot ? '/sys/outflow' : await folder()
    if (!isRoot) await chmod(output_dir, 0o555)
    await expect(files({ output_dir }).open(context)).rejects.toMatchObject({ code: 'files.not_writable' })
  })

  it('says that no room is left, and keeps what was there', async ({ skip }) => {
    if (!isRoot || process.platform !== 'linux') skip('needs root on Linux, to mount a small file system')
    const output_dir = await folder()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', output_dir])
    try {
      const destination = files({ output_dir })
      await destination.open(context)
      await destination.upload(document('S/1.html'), elements, context)
      const large = [{ ...elements[0]!, text: 'x'.repeat(200_000) }]
      await expect(destination.upload(document('S/1.html'), large, context)).rejects.toMatchObject({
        ...{ code: 'files.disk_full', kind: 'config' },
      })
      expect(JSON.parse(await readFile(join(output_dir, 'S', '1.html.json'), 'utf8'))).toEqual(elements)
      expect(await readdir(join(output_dir, 'S'))).toEqual(['1.html.json'])
    } finally {
      execFileSync('umount', [output_dir])
    }
  })
})
