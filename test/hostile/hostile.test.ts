import { afterAll, describe, expect, it } from 'vitest'
import { openPartitioner } from '../../src/partition/partition.ts'
import { docxOf } from '../../src/sandbox/files/docx.ts'
import { xlsxOf } from '../../src/sandbox/files/xlsx.ts'
import { zipOf } from '../../src/sandbox/files/zip.ts'
import { samples } from '../files/samples.ts'

const partitioner = openPartitioner({ seconds_per_document: 20, memory_per_document: 512, threads: 1 })
afterAll(() => partitioner.close())

const read = (filename: string, content: string | Uint8Array) =>
  partitioner.partition(typeof content === 'string' ? Buffer.from(content) : content, { filename })

/** The code of the error that it ends with. */
async function refusal(filename: string, content: string | Uint8Array): Promise<string> {
  try {
    const elements = await read(filename, content)
    return `${elements.length} elements`
  } catch (thrown) {
    const { kind, code } = thrown as { kind: string; code: string }
    return `${kind} ${code}`
  }
}

const body = (xml: string) => docxOf({ body: xml })
const paragraph = '<w:p><w:r><w:t>lol</w:t></w:r></w:p>'

describe('files that mean harm', () => {
  it('unpack to no more than they may', async () => {
    const zeros = `<w:p><w:r><w:t>${'0'.repeat(60_000_000)}</w:t></w:r></w:p>`
    expect(await refusal('bomb.docx', body(zeros))).toBe('content file.too_much')
  })

  it('hold no more entries than they may', async () => {
    const many = Object.fromEntries(Array.from({ length: 21_000 }, (_, index) => [`word/${index}.xml`, '']))
    const parts = { '[Content_Types].xml': '<Types/>', 'word/document.xml': '<a/>', ...many }
    expect(await refusal('many.docx', zipOf(parts))).toBe('content file.too_much')
  })

  it('that lie about their sizes are refused', async () => {
    const honest = samples['a.docx']!
    const lying = Buffer.from(honest)
    const central = lying.lastIndexOf('PK\x01\x02', lying.length, 'latin1')
    lying.writeUInt32LE(1, central + 24)
    expect(await refusal('liar.docx', lying)).toMatch(/^content file\.damaged$|elements$/)
  })

  it('declare no entities', async () => {
    const laughs = `<!DOCTYPE a [<!ENTITY a "lol"><!ENTITY b "${'&a;'.repeat(10)}">]><a>&b;</a>`
    expect(await refusal('laughs.xml', `<?xml version="1.0"?>${laughs}`)).toBe('content file.damaged')
    const external = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    expect(await refusal('external.xml', external)).toBe('content file.damaged')
  })

  it.each([
    ['deep.xml', `${'<a>'.repeat(100_000)}x${'</a>'.repeat(100_000)}`],
    ['deep.json', '['.repeat(1_000_000)],
    ['deep.rtf', `{\\rtf1 ${'{'.repeat(200_000)}x`],
    ['deep.md', '> '.repeat(20_000)],
    ['deep.html', '<div>'.repeat(200_000)],
    ['deep.svg', `<svg>${'<g>'.repeat(100_000)}`],
    ['deep.eml', `${'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'.repeat(5000)}`],
    [
      'tables.docx',
      body(`${'<w:tbl><w:tr><w:tc>'.repeat(1000)}${paragraph}${'</w:tc></w:tr></w:tbl>'.repeat(1000)}`),
    ],
  ])('that are nested without end come to an end: %s', async (name, content) => {
    expect(await refusal(name, content)).toMatch(/^(?:content (?:file|html)\.\w+|\d+ elements)$/)
  })

  it('of millions of cells are refused', async () => {
    expect(await refusal('many.csv', 'a,b\n'.repeat(5_000_000))).toBe('content file.too_much')
  })

  it('that show one long text a thousand times are refused', async () => {
    const row = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'
    const sheet = { inside: `<sheetData>${row.repeat(500)}</sheetData>` }
    const bytes = xlsxOf({ sheets: [sheet], strings: ['0123456789'.repeat(25_000)] })
    expect(await refusal('repeated.xlsx', bytes)).toBe('content file.too_much')
  })

  it('that claim to be a picture of 30,000 by 30,000 are not decoded', async () => {
    const huge = Buffer.from(samples['a.png']!)
    huge.writeUInt32BE(30_000, 16)
    huge.writeUInt32BE(30_000, 20)
    expect(await refusal('huge.png', huge)).toMatch(/^content file\.(?:too_much|damaged)$/)
  })

  it('that are nothing are no text, whatever they are called', async () => {
    expect(await refusal('noise.txt', Buffer.from('\0\x01\x02\0\xff\xfe\0'.repeat(50), 'latin1'))).toBe(
      'content file.unsupported',
    )
  })

  it('that take too long, or too much, cost only themselves', async () => {
    const hasty = openPartitioner({ seconds_per_document: 0.05, threads: 1 })
    const long = Buffer.from('<p>We sell lamps to all of Europe.</p>'.repeat(300_000))
    await expect(hasty.partition(long, { filename: 'long.html' })).rejects.toMatchObject({
      code: 'file.too_much',
    })
    await hasty.close()
    // Live, all of it is several times what is allowed, whenever garbage is collected.
    const vast = Buffer.concat([long, long, long, long])
    const narrow = openPartitioner({ memory_per_document: 200, threads: 1 })
    await expect(narrow.partition(vast, { filename: 'long.html' })).rejects.toMatchObject({
      code: 'file.too_much',
    })
    expect(await narrow.partition(samples['a.txt']!, { filename: 'a.txt' })).not.toHaveLength(0)
    await narrow.close()
  })
})
