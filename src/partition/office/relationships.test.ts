import { describe, expect, it } from 'vitest'
import { zipOf } from '../../sandbox/files/zip.ts'
import { relatedPart, relationshipsOf } from './relationships.ts'
import { openZip } from './zip.ts'

const strict = 'http://purl.oclc.org/ooxml/officeDocument/relationships'

async function targets(...relationships: readonly (readonly [target: string, mode?: string])[]) {
  const all = relationships.map(
    ([target, mode = 'Internal'], index) =>
      `<q:Relationship Id="${index}" Type="${strict}/image" Target="${target}" TargetMode="${mode}"/>`,
  )
  const namespace = 'http://schemas.openxmlformats.org/package/2006/relationships'
  const rels = `<q:Relationships xmlns:q="${namespace}">${all.join('')}</q:Relationships>`
  const archive = await openZip(zipOf({ 'word/_rels/a.xml.rels': rels }), 'document')
  return relationshipsOf(archive, 'word/a.xml', 'document')
}

describe('relationships', () => {
  it('lead to entries of the archive, from the part or from the root', async () => {
    const found = await targets(['media/a.png'], ['../b.png'], ['/c/./d.png'], ['media\\e.png#x'])
    expect([...found.values()].map(({ target }) => target)).toEqual([
      'word/media/a.png',
      'b.png',
      'c/d.png',
      'word/media/e.png',
    ])
    expect(relatedPart(found, 'image')).toBe('word/media/a.png')
  })

  it('never lead out of it', async () => {
    expect((await targets(['../../etc/passwd'], ['/../x'], ['media\\..\\..\\..\\x'], ['..'])).size).toBe(0)
  })

  it('keep addresses outside as they are, which are no parts', async () => {
    const found = await targets(['https://example.org/../a', 'External'])
    expect(found.get('0')).toEqual({ type: 'image', target: 'https://example.org/../a', external: true })
    expect(relatedPart(found, 'image')).toBeUndefined()
  })

  it('are none where a part has none', async () => {
    const archive = await openZip(zipOf({ a: '' }), 'document')
    expect((await relationshipsOf(archive, 'a', 'document')).size).toBe(0)
  })
})
