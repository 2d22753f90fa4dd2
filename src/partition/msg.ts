/**
 * Reads messages that Outlook saved (.msg), as e-mails are read.
 *
 * @module
 */

import { createRequire } from 'node:module'
import type { FieldsData } from '@kenjiuno/msgreader'
import { OutflowError } from '../model/errors.ts'
import type { FileOptions, ReadFile } from './file.ts'
import { checkCompound } from './mail/compound.ts'
import { unpackRtf } from './mail/compressed-rtf.ts'
import { htmlInRtf } from './mail/encapsulated-html.ts'
import { type Attachment, type Mailbox, type Message, readMessage } from './mail/message.ts'
import { damaged } from './problems.ts'
import { decoderOf } from './rtf/code-pages.ts'
import { rtfMarkup } from './rtf/markup.ts'

// A default export of CommonJS is not the same thing to all that load it; required, it is.
const { default: MsgReader } = createRequire(import.meta.url)(
  '@kenjiuno/msgreader',
) as typeof import('@kenjiuno/msgreader')
const what = 'Outlook message'

/** @throws {OutflowError} codes `file.damaged`, `file.too_much` */
export const readMsg: ReadFile = async (file, options, context) =>
  readMessage(parse(file.bytes, options), file, options, context)

function parse(bytes: Uint8Array, options: FileOptions): Message {
  checkCompound(bytes)
  try {
    // A copy, because the reader goes past a view's end, into whatever else its buffer holds.
    const reader = new MsgReader(new Uint8Array(bytes).buffer)
    const fields = reader.getFileData()
    if (fields.error !== undefined) throw damaged(what, fields.error.replace(/\.$/, ''))
    checkTexts([fields, ...(fields.recipients ?? []), ...(fields.attachments ?? [])])
    const attached = (fields.attachments ?? []).map((each) => attachmentOf(each, reader))
    return { ...messageOf(fields), ...bodyOf(fields, options), attachments: attached }
  } catch (thrown) {
    if (thrown instanceof OutflowError) throw thrown
    throw damaged(what, 'it is cut short, or not put together like one', thrown)
  }
}

/** Fields that are texts, by the reader's types; what it gives back depends on what the file says of them. */
const texts = [
  ...([
    'body',
    'bodyHtml',
    'subject',
    'messageId',
    'senderName',
    'senderEmail',
    'senderSmtpAddress',
  ] as const),
  ...(['name', 'email', 'smtpAddress', 'fileName', 'attachMimeTag', 'pidContentId'] as const),
]

function checkTexts(all: readonly FieldsData[]): void {
  for (const fields of all)
    for (const name of texts)
      if (fields[name] !== undefined && typeof fields[name] !== 'string')
        throw damaged(what, `its field ${name} is no text`)
}

function messageOf(fields: FieldsData): Omit<Message, 'attachments'> {
  const { subject, messageId, recipients = [] } = fields
  const sent = new Date(fields.clientSubmitTime ?? fields.messageDeliveryTime ?? '')
  const receiving = (type: 'to' | 'cc' | 'bcc') =>
    recipients.filter(({ recipType = 'to' }) => recipType === type).map(mailboxOf)
  return {
    from: fields.senderName || fields.senderEmail ? [senderOf(fields)] : [],
    to: receiving('to'),
    cc: receiving('cc'),
    bcc: receiving('bcc'),
    ...(subject !== undefined && { subject }),
    ...(messageId !== undefined && { messageId }),
    ...(!Number.isNaN(sent.getTime()) && { sent }),
  }
}

const senderOf = ({ senderName = '', senderSmtpAddress, senderEmail }: FieldsData): Mailbox => ({
  name: senderName,
  address: addressIn(senderSmtpAddress, senderEmail),
})

const mailboxOf = ({ name = '', smtpAddress, email }: FieldsData): Mailbox => ({
  name,
  address: addressIn(smtpAddress, email),
})

/** Inside an organisation, Exchange's own names stand where an address should: `/O=…/CN=…`. */
const addressIn = (...candidates: readonly (string | undefined)[]): string =>
  candidates.find((each) => each?.includes('@')) ?? ''

/** HTML where there is some, packed into RTF where older programs put it; else RTF; else text. */
function bodyOf(fields: FieldsData, options: FileOptions): Pick<Message, 'html' | 'markup' | 'text'> {
  const { bodyHtml, html: bytes, internetCodepage = 1252, compressedRtf, body } = fields
  const text = body === undefined ? {} : { text: body }
  const html = bodyHtml ?? (bytes && decoderOf(internetCodepage).decode(bytes))
  if (html !== undefined && html.trim() !== '') return { html }
  if (compressedRtf === undefined) return text
  const rtf = unpackRtf(compressedRtf)
  const inside = htmlInRtf(rtf)
  if (inside !== undefined) return { html: inside }
  // Text that was put into RTF says no more than the text itself.
  if (body !== undefined && rtf.includes('\\fromtext')) return text
  const { mode, imageData } = options
  return { markup: rtfMarkup(rtf, { enhanced: mode === 'enhanced', imageData, deleted: false }) }
}

function attachmentOf(fields: FieldsData, reader: InstanceType<typeof MsgReader>): Attachment {
  const { fileName, content } = reader.getAttachment(fields)
  const { attachMimeTag: mediaType, pidContentId: contentId } = fields
  return {
    bytes: content,
    filename: fileName,
    ...(mediaType !== undefined && { mediaType }),
    ...(contentId !== undefined && { contentId }),
  }
}
