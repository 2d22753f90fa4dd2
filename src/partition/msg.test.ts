import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { type MsgParts, msgOf } from '../sandbox/files/msg.ts'
import type { FileInput } from './file.ts'
import { readMsg } from './msg.ts'
import { defaultFileOptions } from './options.ts'

async function read(bytes: Uint8Array) {
  const attached: FileInput[] = []
  const elements = await readMsg({ bytes, filename: 'a.msg' }, defaultFileOptions(), {
    signal: new AbortController().signal,
    lose: () => {},
    nested(file) {
      attached.push(file)
      return Promise.resolve([])
    },
  })
  return { elements, attached, texts: elements.map(({ type, text }) => `${type}: ${text}`) }
}

const subject = '0037001F'
const text = '1000001F'
const html = '10130102'
const rtf = '10090102'
const sender = '0C1A001F'
const address = '5D01001F'
const id = '1035001F'
const words = { [text]: 'We walked to the harbour.\r\n\r\n- boats\r\n' }

/** As Outlook keeps what cannot be made smaller. */
function unpacked(inside: string): Buffer {
  const bytes = Buffer.from(inside, 'latin1')
  const head = Buffer.alloc(16)
  head.writeUInt32LE(bytes.length + 12, 0)
  head.writeUInt32LE(bytes.length, 4)
  head.write('MELA', 8, 'latin1')
  return Buffer.concat([head, bytes])
}

describe('Outlook messages', () => {
  it('are read like e-mails, with the files attached', async () => {
    const parts: MsgParts = {
      streams: {
        ...words,
        [subject]: 'Boats',
        [sender]: 'Jane',
        [address]: 'jane@example.org',
        [id]: '<1@x>',
      },
      recipients: [{ '3001001F': 'Bo', '39FE001F': 'bo@example.org' }],
      attachments: [{ '3707001F': 'a.txt', '37010102': Buffer.from('We sailed.') }],
    }
    const { elements, texts, attached } = await read(msgOf(parts))
    expect(texts).toEqual(['NarrativeText: We walked to the harbour.', 'ListItem: boats'])
    expect(elements[0]!.metadata).toEqual({
      sent_from: ['Jane <jane@example.org>'],
      sent_to: ['Bo <bo@example.org>'],
      subject: 'Boats',
      email_message_id: '1@x',
    })
    expect(attached.map(({ filename, bytes }) => [filename, Buffer.from(bytes).toString()])).toEqual([
      ['a.txt', 'We sailed.'],
    ])
  })

  it('are read by their HTML, else by the HTML in their RTF, else by that', async () => {
    const marked = { ...words, [html]: Buffer.from('<p>We walked <b>home</b>.</p>') }
    expect((await read(msgOf({ streams: marked }))).texts).toEqual(['NarrativeText: We walked home.'])
    const hiding = `{\\rtf1\\ansi\\fromhtml1{\\fonttbl{\\f0 Arial;}{\\f1\\fcharset204 Arial;}}{\\*\\htmltag64 <h1>}\\htmlrtf {\\b \\htmlrtf0 The {\\*\\htmltag84 &amp;}\\htmlrtf unseen\\htmlrtf0  sea {\\f1\\'cf\\'f0\\'e8}{\\*\\htmltag72 </h1>}\\htmlrtf }\\htmlrtf0}`
    expect((await read(msgOf({ streams: { ...words, [rtf]: unpacked(hiding) } }))).texts).toEqual([
      'Title: The & sea При',
    ])
    const alone = '{\\rtf1\\ansi We walked {\\b far}.\\par}'
    expect((await read(msgOf({ streams: { ...words, [rtf]: unpacked(alone) } }))).texts).toEqual([
      'NarrativeText: We walked far.',
    ])
  })

  it('have their RTF unpacked', async () => {
    // The example of [MS-OXRTFCP] 3.1.1.
    const packed = Buffer.from(
      '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
      'hex',
    )
    expect((await read(msgOf({ streams: { [rtf]: packed } }))).texts).toEqual([
      'UncategorizedText: hello world',
    ])
  })

  it('are refused when they are broken', async () => {
    const whole = Buffer.from(msgOf({ streams: words }))
    for (const length of [0, 100, 600, 1500])
      await read(whole.subarray(0, length)).then(
        ({ elements }) => expect(Array.isArray(elements)).toBe(true),
        (thrown: unknown) => expect(thrown).toMatchObject({ kind: 'content', code: 'file.damaged' }),
      )
    const circling = Buffer.from(whole)
    // The first entry after the root is its own next.
    circling.writeInt32LE(1, (circling.readInt32LE(48) + 1) * 512 + 128 + 72)
    await expect(read(circling)).rejects.toMatchObject({ code: 'file.damaged' })
    const packed = Buffer.from('2d000000ffffffff4c5a467500000000', 'hex')
    await expect(read(msgOf({ streams: { [rtf]: packed } }))).rejects.toMatchObject({ code: 'file.too_much' })
  })
})
