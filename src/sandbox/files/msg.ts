/**
 * Makes Outlook messages ([MS-OXMSG]).
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import { burn, type Entry } from '@kenjiuno/msgreader/lib/Burner.js'

/** Streams by the tags of their properties: `0037001F`; texts are written as UTF-16. */
export interface MsgParts {
  readonly streams: Readonly<Record<string, string | Uint8Array>>
  readonly recipients?: readonly Readonly<Record<string, string>>[]
  readonly attachments?: readonly Readonly<Record<string, string | Uint8Array>>[]
}

const [directory, document, root] = [1, 2, 5]

/** Every recipient is one in `To`. */
export function msgOf({ streams, recipients = [], attachments = [] }: MsgParts): Uint8Array {
  const entries: Entry[] = [{ name: 'Root Entry', type: root as Entry['type'], length: 0, children: [] }]

  function add(parent: number, entry: Entry): number {
    entries.push(entry)
    entries[parent]!.children?.push(entries.length - 1)
    return entries.length - 1
  }

  function addStream(parent: number, name: string, content: Uint8Array): void {
    // The writer takes a view's whole buffer.
    const bytes = Uint8Array.from(content)
    add(parent, { name, type: document as Entry['type'], length: bytes.length, binaryProvider: () => bytes })
  }

  function addStreams(
    parent: number,
    all: Readonly<Record<string, string | Uint8Array>>,
    head: number,
  ): void {
    for (const [tag, value] of Object.entries(all))
      addStream(
        parent,
        `__substg1.0_${tag}`,
        typeof value === 'string' ? Buffer.from(value, 'utf16le') : value,
      )
    addStream(parent, '__properties_version1.0', Buffer.alloc(head))
  }

  function addFolder(name: string, all: Readonly<Record<string, string | Uint8Array>>): void {
    addStreams(add(0, { name, type: directory as Entry['type'], length: 0, children: [] }), all, 8)
  }

  addStreams(0, streams, 32)
  for (const [index, each] of recipients.entries()) addFolder(`__recip_version1.0_#0000000${index}`, each)
  for (const [index, each] of attachments.entries()) addFolder(`__attach_version1.0_#0000000${index}`, each)
  return burn(entries)
}
