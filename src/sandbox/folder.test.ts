import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { folderWorld } from './folder.ts'

describe('a folder as a wiki', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'outflow-folder-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const write = (...names: readonly string[]) => {
    for (const name of names) writeFileSync(join(folder, name), `<p>${name}</p>`)
  }

  function pages() {
    const world = folderWorld(folder)
    const list = world.list(world.spaces[0]!.id, 'page')
    return Array.from({ length: list.length }, (_, index) => {
      const { id, title } = list.at(index)
      return { id, title, storage: world.storage(id) }
    })
  }

  it('has a page for each storage file, titled and ordered by name', () => {
    write('zebra.xml', 'Ähre & Co.html', 'mid.v2.xhtml', 'LOUD.XML', 'notes.md', 'README')
    mkdirSync(join(folder, 'below.xml'))
    expect(pages().map(({ title }) => title)).toEqual(['LOUD', 'mid.v2', 'zebra', 'Ähre & Co'])
    expect(pages()[1]?.storage).toBe('<p>mid.v2.xhtml</p>')
  })

  it('gives the same ids each time', () => {
    write('a.xml', 'b.xml')
    expect(pages()).toEqual(pages())
  })

  it('tells files apart that differ by their ending', () => {
    write('page.html', 'page.xml', 'other.xml')
    expect(pages().map(({ title }) => title)).toEqual(['other', 'page.html', 'page.xml'])
  })

  it('says so when there is no such folder, or it is a file', () => {
    expect(() => folderWorld(join(folder, 'nowhere'))).toThrow(/There is no folder .*nowhere/)
    write('file.xml')
    expect(() => folderWorld(join(folder, 'file.xml'))).toThrow(
      expect.objectContaining({ kind: 'config', code: 'sandbox.folder.unreadable' }),
    )
  })

  it('says so when there is nothing to serve', () => {
    write('notes.md')
    expect(() => folderWorld(folder)).toThrow(
      expect.objectContaining({ kind: 'config', code: 'sandbox.folder.empty' }),
    )
  })
})
