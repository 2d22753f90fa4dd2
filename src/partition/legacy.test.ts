import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { FileInput } from './file.ts'
import { findTools } from './find-tools.ts'
import { readLegacy } from './legacy.ts'
import { defaultFileOptions } from './options.ts'

async function read(bytes: Uint8Array, soffice?: string) {
  const made: FileInput[] = []
  await readLegacy({ bytes, filename: 'a.doc' }, defaultFileOptions(), {
    signal: new AbortController().signal,
    lose: () => {},
    nested(file) {
      made.push(file)
      return Promise.resolve([])
    },
    ...(soffice !== undefined && { soffice }),
  })
  return made
}

const slides = Buffer.from('PowerPoint Document', 'utf16le')
const { soffice: installed } = findTools({})

describe('Word and PowerPoint files of before 2007', () => {
  it('are not read without LibreOffice, and say so', async () => {
    await expect(read(Buffer.from('a'))).rejects.toMatchObject({
      code: 'file.unsupported',
      message: expect.stringMatching(/Word document .*LibreOffice is not installed/),
    })
    await expect(read(slides)).rejects.toMatchObject({ message: expect.stringContaining('PowerPoint') })
  })

  it('of which the program makes nothing are damaged', async () => {
    const damaged = { kind: 'content', code: 'file.damaged' }
    await expect(read(Buffer.from('a'), '/bin/true')).rejects.toMatchObject(damaged)
    await expect(read(Buffer.from('a'), '/nowhere/soffice')).rejects.toMatchObject(damaged)
  })

  it.skipIf(installed === undefined)(
    'become the newer kind, under their own name (needs LibreOffice)',
    async () => {
      // It reads whatever it can, and this it can.
      const [made] = await read(Buffer.from('{\\rtf1 We walked home.\\par}'), installed)
      expect(made).toMatchObject({
        filename: 'a.doc',
        mediaType: expect.stringContaining('wordprocessingml'),
      })
      expect(Buffer.from(made!.bytes).subarray(0, 2).toString()).toBe('PK')
    },
    120_000,
  )
})
