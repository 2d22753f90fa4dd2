/**
 * Opens a Word document: its main part and the parts that go with it.
 *
 * @module
 */

import { parseOffice } from '../office/namespaces.ts'
import type { NoteKind } from '../office/pieces.ts'
import { type Relationships, relatedPart, relationshipsOf } from '../office/relationships.ts'
import { childrenOf, type XmlNode } from '../office/xml.ts'
import type { Zip } from '../office/zip.ts'
import { damaged } from '../problems.ts'
import { isOn } from './names.ts'
import { readStyles, type Styles } from './styles.ts'

/** A part with text in it, and what its ids mean. */
export interface Story {
  readonly content: XmlNode
  readonly relationships: Relationships
}

export interface WordPackage {
  /** The main part, unread. */
  readonly body: string
  readonly relationships: Relationships
  readonly styles: Styles
  /** Headers and footers, by the id that sections name them by. */
  readonly margins: ReadonlyMap<string, Story>
  /** Notes of each kind, by id. */
  readonly notes: Readonly<Record<NoteKind, ReadonlyMap<string, Story>>>
  /** Data of charts and diagrams, by the id that the main part names them by. */
  readonly graphics: ReadonlyMap<string, Story>
  /** Whether even pages have headers and footers of their own. */
  readonly evenPages: boolean
}

/** @param what the format, for messages @throws {OutflowError} code `file.damaged` when it has no main part */
export async function openPackage(archive: Zip, what: string): Promise<WordPackage> {
  const main = relatedPart(await relationshipsOf(archive, '', what), 'officeDocument') ?? 'word/document.xml'
  const body = await archive.text(main)
  if (body === undefined) throw damaged(what, 'there is no document in it')
  const relationships = await relationshipsOf(archive, main, what)

  const related = async (type: string): Promise<string | undefined> => {
    const part = relatedPart(relationships, type)
    return part === undefined ? undefined : archive.text(part)
  }

  async function story(part: string): Promise<Story | undefined> {
    const text = await archive.text(part)
    if (text === undefined) return undefined
    return { content: parseOffice(text, what), relationships: await relationshipsOf(archive, part, what) }
  }

  async function readNotes(kind: NoteKind): Promise<ReadonlyMap<string, Story>> {
    const part = relatedPart(relationships, `${kind}s`)
    const all = part === undefined ? undefined : await story(part)
    const notes = new Map<string, Story>()
    for (const content of childrenOf(all?.content)) {
      const id = content.attributes['w:id']
      if (all && content.name === `w:${kind}` && id !== undefined)
        notes.set(id, { content, relationships: all.relationships })
    }
    return notes
  }

  /** All parts of some types, by the id that the main part names them by. */
  async function stories(...types: readonly string[]): Promise<ReadonlyMap<string, Story>> {
    const found = new Map<string, Story>()
    for (const [id, { type, target, external }] of relationships) {
      const each = external || !types.includes(type) ? undefined : await story(target)
      if (each) found.set(id, each)
    }
    return found
  }

  const settings = await related('settings')
  return {
    body,
    relationships,
    styles: readStyles(await related('styles'), what),
    margins: await stories('header', 'footer'),
    notes: {
      footnote: await readNotes('footnote'),
      endnote: await readNotes('endnote'),
      comment: await readNotes('comment'),
    },
    graphics: await stories('chart', 'diagramData'),
    evenPages: settings !== undefined && isOn(parseOffice(settings, what), 'w:evenAndOddHeaders'),
  }
}
