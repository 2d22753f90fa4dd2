/**
 * Reads e-mails as programs save them (.eml): HTML preferred, else text; attached files with it.
 *
 * @module
 */

import PostalMime, { type Address, type Email, type Attachment as Part } from 'postal-mime'
import type { ReadFile } from './file.ts'
import { type Attachment, type Mailbox, type Message, readMessage } from './mail/message.ts'
import { damaged } from './problems.ts'

/** @throws {OutflowError} code `file.damaged` */
export const readEml: ReadFile = async (file, options, context) =>
  readMessage(await parse(file.bytes), file, options, context)

async function parse(bytes: Uint8Array): Promise<Message> {
  try {
    // A forwarded message is a file of its own, and counts as one.
    return messageOf(await PostalMime.parse(decode(bytes), { forceRfc822Attachments: true }))
  } catch (thrown) {
    throw damaged(
      'e-mail',
      thrown instanceof Error ? thrown.message.replace(/\.$/, '') : String(thrown),
      thrown,
    )
  }
}

/** Some programs save whole messages as UTF-16. Without their mark, the zero bytes of the first letters give them away. */
function decode(bytes: Uint8Array): string | Uint8Array {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes
  const little = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0 && fourth === 0)
  const big = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && third === 0)
  if (bytes.byteLength < 4 || !(little || big)) return bytes
  return new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(bytes)
}

function messageOf({ from, to, cc, bcc, subject, messageId, date, html, text, attachments }: Email): Message {
  const sent = new Date(date ?? '')
  return {
    from: mailboxes(from ? [from] : []),
    to: mailboxes(to),
    cc: mailboxes(cc),
    bcc: mailboxes(bcc),
    ...(subject !== undefined && { subject }),
    ...(messageId !== undefined && { messageId }),
    ...(!Number.isNaN(sent.getTime()) && { sent }),
    ...(html !== undefined && { html }),
    ...(text !== undefined && { text }),
    attachments: attachments.map(attachmentOf),
  }
}

const mailboxes = (addresses: readonly Address[] = []): Mailbox[] =>
  addresses.flatMap((each) => (each.group === undefined ? [each] : each.group))

function attachmentOf({ filename, mimeType, content, contentId }: Part): Attachment {
  return {
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content),
    mediaType: mimeType,
    ...(filename !== null && { filename }),
    ...(contentId !== undefined && { contentId: contentId.replace(/^<|>$/g, '') }),
  }
}
