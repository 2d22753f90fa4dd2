import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { Loss } from '../model/content.ts'
import type { Element } from '../model/element.ts'
import { readEml } from './eml.ts'
import type { FileInput, FileOptions } from './file.ts'
import { defaultFileOptions } from './options.ts'
import { unsupported } from './problems.ts'

/** Attached texts become one element; all else is of no type that can be read. */
function nested({ bytes, filename, mediaType }: FileInput): Promise<Element[]> {
  if (mediaType !== 'text/plain') return Promise.reject(unsupported('It is none.'))
  const text = Buffer.from(bytes).toString().trim()
  return Promise.resolve([
    { type: 'NarrativeText', element_id: '1', text, metadata: { ...(filename && { filename }) } },
  ])
}

async function read(mail: string | Uint8Array, options: Partial<FileOptions> = {}) {
  const losses: Loss[] = []
  const elements = await readEml(
    { bytes: Buffer.from(mail), filename: 'a.eml' },
    { ...defaultFileOptions(), ...options },
    { signal: new AbortController().signal, lose: (loss) => void losses.push(loss), nested },
  )
  return { elements, losses }
}

const head = [
  'From: "Doe, Jane" <jane@example.org>',
  'To: team: =?utf-8?q?J=C3=B6rg?= <joerg@example.org>, bo@example.org;',
  'Cc: Ann <ann@example.org>',
  'Subject: =?utf-8?q?Caf=C3=A9?=',
  'Message-ID: <1@example.org>',
  'Date: Fri, 16 Dec 2022 17:04:16 -0500',
  'MIME-Version: 1.0',
].join('\r\n')
const plain = `${head}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nWe walked to the harbour.\r\n\r\n- boats\r\n- birds\r\n`

function mixed(...parts: (readonly [head: string, body: string])[]): string {
  const bodies = parts.map(([description, body]) => `--x\r\n${description}\r\n\r\n${body}\r\n`)
  return `${head}\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n${bodies.join('')}--x--\r\n`
}

describe('e-mails', () => {
  it('say with each element who wrote what to whom and when', async () => {
    const { elements } = await read(plain)
    expect(elements.map(({ type, text }) => `${type}: ${text}`)).toEqual([
      'NarrativeText: We walked to the harbour.',
      'ListItem: boats',
      'ListItem: birds',
    ])
    for (const { metadata } of elements)
      expect(metadata).toEqual({
        sent_from: ['"Doe, Jane" <jane@example.org>'],
        sent_to: ['Jörg <joerg@example.org>', 'bo@example.org'],
        cc_recipient: ['Ann <ann@example.org>'],
        subject: 'Café',
        email_message_id: '1@example.org',
        last_modified: '2022-12-16T22:04:16+00:00',
      })
  })

  it('may be saved as UTF-16, with its mark or without', async () => {
    const utf8 = await read(plain)
    for (const mail of [plain, `\ufeff${plain}`]) {
      const little = Buffer.from(mail, 'utf16le')
      expect(await read(little)).toEqual(utf8)
      expect(await read(Buffer.from(little).swap16())).toEqual(utf8)
    }
  })

  it('are read by their HTML where they have some, with the files attached; one that cannot be read is told', async () => {
    const mail = mixed(
      ['Content-Type: text/html', '<p>We walked <b>home</b>.</p>'],
      ['Content-Type: text/plain\r\nContent-Disposition: attachment; filename="a.txt"', 'We sailed.'],
      ['Content-Type: audio/mpeg\r\nContent-Disposition: attachment; filename="b.mp3"', 'noise'],
      ['Content-Type: message/rfc822', plain],
    )
    const { elements, losses } = await read(mail)
    expect(
      elements.map(({ text, metadata }) => [text, metadata.filename, metadata.attached_to_filename]),
    ).toEqual([
      ['We walked home.', undefined, undefined],
      ['We sailed.', 'a.txt', 'a.eml'],
    ])
    expect(losses.map(({ code }) => code)).toEqual(['attachment_unread', 'attachment_unread'])
    expect(losses[0]!.name).toBe('b.mp3')
    expect((await read(mail, { processAttachments: false })).elements).toHaveLength(1)
  })

  it('show the pictures in their text there, and not once more as files', async () => {
    const picture = Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1').toString('base64')
    const mail = mixed(
      ['Content-Type: text/html', '<p>Our map:</p><img src="cid:map@x" alt="The map">'],
      [
        'Content-Type: image/png; name="map.png"\r\nContent-ID: <map@x>\r\nContent-Transfer-Encoding: base64',
        picture,
      ],
    )
    const { elements, losses } = await read(mail, { imageData: true })
    expect(elements.at(-1)).toMatchObject({
      type: 'Image',
      text: 'The map',
      metadata: { image_mime_type: 'image/png', image_base64: picture },
    })
    expect(losses).toEqual([])
    expect((await read(mail, { mode: 'compat' })).losses).toHaveLength(1)
  })

  it('without end are refused, and what is no e-mail has nothing to tell', async () => {
    const endless = Array.from(
      { length: 2000 },
      (_, depth) => `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n`,
    )
    await expect(read(endless.join(''))).rejects.toMatchObject({ kind: 'content', code: 'file.damaged' })
    expect((await read('')).elements).toEqual([])
    expect((await read(Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x00]))).elements).toEqual([])
  })
})
