/**
 * What an e-mail is, whichever program saved it, and how it becomes elements.
 *
 * @module
 */

import { pictureType } from '../../kit/picture-type.ts'
import type { Element, ElementMetadata } from '../../model/element.ts'
import { OutflowError } from '../../model/errors.ts'
import type { Markup } from '../../model/markup.ts'
import type { FileInput, FileOptions, ReadContext } from '../file.ts'
import { draftHtml } from '../html.ts'
import { createPictureData } from '../picture-data.ts'
import { draftText } from '../text/paragraphs.ts'

export interface Mailbox {
  readonly name: string
  readonly address: string
}

export interface Attachment {
  readonly filename?: string
  readonly mediaType?: string
  readonly bytes: Uint8Array
  /** By what the message's HTML shows it, without `<>`. */
  readonly contentId?: string
}

export interface Message {
  readonly from: readonly Mailbox[]
  readonly to: readonly Mailbox[]
  readonly cc: readonly Mailbox[]
  readonly bcc: readonly Mailbox[]
  readonly subject?: string
  /** With or without `<>`. */
  readonly messageId?: string
  readonly sent?: Date
  readonly html?: string
  /** As HTML; when there is no HTML. */
  readonly markup?: Markup
  readonly text?: string
  readonly attachments: readonly Attachment[]
}

/** Of one message. */
const mostAttachments = 1000

/**
 * The body's elements, each with the message's metadata; then those of the attached files, which carry `attached_to_filename`. A file
 * that cannot be read is told as a loss.
 */
export async function readMessage(
  message: Message,
  { filename }: FileInput,
  options: FileOptions,
  context: ReadContext,
): Promise<Element[]> {
  const elements = readBody(message, options)
  const metadata = metadataOf(message)
  for (const element of elements) Object.assign(element.metadata, structuredClone(metadata))
  const shown =
    options.mode === 'enhanced' ? showPictures(elements, message, options, context) : new Set<Attachment>()
  if (!options.processAttachments) return elements
  for (const [index, attachment] of message.attachments.entries()) {
    if (shown.has(attachment) && context.tessdata === undefined) continue
    if (index >= mostAttachments) context.lose({ code: 'attachment_unread', name: nameOf(attachment) })
    else
      for (const element of await readAttachment(attachment, filename ?? 'e-mail', context))
        elements.push(element)
  }
  return elements
}

function readBody({ html, markup, text }: Message, options: FileOptions): Element[] {
  const { mode, url } = options
  const written = { mode, ...(url !== undefined && { url }) }
  if (html !== undefined && html.trim() !== '') return draftHtml({ text: html }, written)
  if (markup !== undefined) return draftHtml({ markup }, written)
  return draftText(text ?? '', options)
}

function metadataOf({ from, to, cc, bcc, subject, messageId, sent }: Message): ElementMetadata {
  const id = messageId?.trim().replace(/^<|>$/g, '')
  return {
    ...addresses('sent_from', from),
    ...addresses('sent_to', to),
    ...addresses('cc_recipient', cc),
    ...addresses('bcc_recipient', bcc),
    ...(subject && { subject }),
    ...(id && { email_message_id: id }),
    ...(sent && { last_modified: sent.toISOString().replace(/\.\d+Z$/, '+00:00') }),
  }
}

function addresses(name: string, mailboxes: readonly Mailbox[]): ElementMetadata {
  return mailboxes.length === 0 ? {} : { [name]: mailboxes.map(addressOf) }
}

/** As in a header: names with marks of their own stand in quotes. */
function addressOf({ name, address }: Mailbox): string {
  if (name === '' || name === address) return address
  const quoted = /[()<>@,:;.\\"[\]]/.test(name) ? `"${name.replace(/[\\"]/g, '\\$&')}"` : name
  return address === '' ? quoted : `${quoted} <${address}>`
}

/** Pictures inside the text are attached files that it shows by their id; told are those that it shows. */
function showPictures(
  elements: readonly Element[],
  { attachments }: Message,
  { imageData }: FileOptions,
  context: ReadContext,
): Set<Attachment> {
  const data = createPictureData(context)
  const byId = new Map(attachments.flatMap((each) => (each.contentId ? [[each.contentId, each]] : [])))
  const shown = new Set<Attachment>()
  for (const { metadata } of elements) {
    const attachment = byId.get(metadata.image_url?.replace(/^cid:/i, '') ?? '')
    const type = attachment && pictureType(attachment.bytes)
    if (attachment === undefined || type === undefined) continue
    shown.add(attachment)
    metadata.image_mime_type = type
    if (imageData) data.put(metadata, nameOf(attachment), attachment.bytes)
  }
  return shown
}

const nameOf = ({ filename, mediaType }: Attachment): string => filename ?? mediaType ?? 'attachment'

async function readAttachment(
  attachment: Attachment,
  attachedTo: string,
  context: ReadContext,
): Promise<Element[]> {
  const { bytes, filename, mediaType } = attachment
  try {
    const file = { bytes, ...(filename && { filename }), ...(mediaType && { mediaType }) }
    const elements = await context.nested(file)
    for (const { metadata } of elements) metadata.attached_to_filename ??= attachedTo
    return elements
  } catch (thrown) {
    if (!(thrown instanceof OutflowError) || thrown.kind !== 'content') throw thrown
    context.lose({ code: 'attachment_unread', name: nameOf(attachment) })
    return []
  }
}
