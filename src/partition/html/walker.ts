/**
 * Walks markup and cuts it into paragraphs, images and tables. One pass, no tree, no recursion: depth costs nothing.
 *
 * @module
 */

import { isBlank } from '../../kit/whitespace.ts'
import type { ElementType } from '../../model/element.ts'
import type { MarkupSink } from '../../model/markup.ts'
import { addLink, addText, type Block, emptyRun, type Link, rootBlock } from './block.ts'
import { type Attributes, codeLanguage, emojiOf, isTask, isTicked, pageNumber } from './hints.ts'
import type { ImageSource, Output } from './output.ts'
import type { Role } from './roles.ts'
import type { Rules } from './rules.ts'
import type { TableReader } from './table.ts'

/** Headings and code stay one piece: a block inside them is separated by this. */
const separatorIn: Readonly<Partial<Record<ElementType, string>>> = { Title: ' ', CodeSnippet: '\n' }

export interface Walker extends MarkupSink {
  /** Emits what is still open. Call once, after the last close. */
  end(): void
}

/** @param createTable makes the reader of one table. */
export function createWalker(rules: Rules, output: Output, createTable: () => TableReader): Walker {
  const { named, unknown } = rules.roles
  const open: Role[] = []
  const blocks: Block[] = []
  const links: Link[] = []
  const waiting: ImageSource[] = []
  let block = rootBlock()
  let run = emptyRun()
  /** The text node being read: it ends with the next tag that counts. */
  let node = ''
  /** Open elements below an element that is left out, itself included. */
  let skipping = 0
  let lists = 0
  /** How many elements were open when what the server rendered began. */
  let renderedFrom = Number.POSITIVE_INFINITY
  let table: TableReader | undefined
  /** Open elements inside the table. */
  let inTable = 0

  function endNode(): void {
    if (node === '') return
    const text = node
    node = ''
    if (table === undefined) addToRun(text)
    else table.text(text)
  }

  /** White space before the first word of a paragraph is not part of it, but for code. */
  function addToRun(text: string): void {
    run.seen ||= !isBlank(text)
    if (!run.seen && block.type !== 'CodeSnippet') return
    addText(run, block, text)
    if (isRendered()) run.rendered = true
    for (let index = block.links; index < links.length; index++) links[index]!.text += text
  }

  const isRendered = () => open.length > renderedFrom

  /** Puts the links around the block on the element that it made. */
  function linkAround(): void {
    for (let index = 0; index < block.links; index++) {
      const link = links[index]!
      if (link.url === '' || (link.used && !rules.linksRepeat)) continue
      link.used = true
      output.link(link.url)
    }
  }

  /** Puts an open link on what it has collected in this paragraph. */
  function closeLinkPart(link: Link): void {
    if (link.url !== '' && (!link.used || rules.linksRepeat)) addLink(run, link)
    link.text = ''
  }

  function endRun(): void {
    for (let index = block.links; index < links.length; index++) {
      closeLinkPart(links[index]!)
    }
    if (run.seen || block.type === 'CodeSnippet') {
      if (output.paragraph(run, block)) linkAround()
      run = emptyRun()
    } else run.text = ''
    if (waiting.length > 0) endImages()
  }

  function endImages(): void {
    for (const image of waiting) output.image(image, block)
    waiting.length = 0
  }

  /** Ends the paragraph for a block in its place; whatever follows directly is told from its own text. */
  function cut(): void {
    endRun()
    if (block.phrasing === 0 && !rules.blocksInherit) {
      block.type = undefined
      block.depth = undefined
    }
  }

  function openFlow(role: Role & { kind: 'flow' }, name: string, attributes: Attributes): void {
    const separator = rules.blocksInherit && block.type !== undefined ? separatorIn[block.type] : undefined
    if (separator !== undefined) {
      addText(run, block, separator)
      block.phrasing++
      open.push({ kind: 'phrasing', separator })
      return
    }
    cut()
    if (role.list) lists++
    blocks.push(block)
    block = childBlock(role, attributes)
    if (rules.context) readHints(name, attributes)
    open.push(role)
  }

  function childBlock(role: Role & { kind: 'flow' }, attributes: Attributes): Block {
    const child = rootBlock()
    child.page = pageNumber(attributes) ?? block.page
    child.links = links.length
    if (role.type !== undefined) {
      child.type = role.type
      child.depth = role.type === 'ListItem' ? lists : role.level
    } else if (rules.blocksInherit) {
      child.type = block.type
      child.depth = block.depth
      child.id = block.id
      child.task = block.task
      child.decision = block.decision
    }
    return child
  }

  function readHints(name: string, attributes: Attributes): void {
    if (block.type === 'Title') block.id = attributes.id ?? block.id
    if (block.type === 'CodeSnippet') block.language = codeLanguage(attributes)
    if (name === 'li') readItem(attributes)
  }

  function readItem(attributes: Attributes): void {
    block.decision = attributes['data-decision']
    if (!isTask(attributes)) return
    block.type = 'CheckBox'
    block.task = { checked: isTicked(attributes), told: false }
  }

  function closeFlow(role: Role & { kind: 'flow' }): void {
    endRun()
    if (role.list) lists--
    block = blocks.pop()!
  }

  function openPhrasing(role: Role & { kind: 'phrasing' }, attributes: Attributes): void {
    block.phrasing++
    if (role.emphasis === 'b') block.bold++
    else if (role.emphasis === 'i') block.italic++
    else if (role.code && block.type === 'CodeSnippet') block.language ??= codeLanguage(attributes)
    else if (role.link) links.push({ url: attributes.href ?? '', text: '', used: false })
    open.push(role)
  }

  function closePhrasing(role: Role & { kind: 'phrasing' }): void {
    block.phrasing--
    if (role.emphasis === 'b') block.bold--
    else if (role.emphasis === 'i') block.italic--
    else if (role.link) closeLinkPart(links.pop()!)
    else if (role.separator) addText(run, block, role.separator)
  }

  function openImage(role: Role, attributes: Attributes): void {
    open.push(role)
    const emoji = rules.context ? emojiOf(attributes) : undefined
    if (emoji !== undefined) addToRun(emoji)
    else if (rules.imagesWait) {
      addText(run, block, ' ')
      waiting.push({ attributes, urls: takeLinks(), rendered: isRendered() })
    } else {
      cut()
      output.image({ attributes, urls: takeLinks(), rendered: isRendered() }, block)
    }
  }

  /** The addresses of the open links that still want something to be put on. */
  function takeLinks(): string[] {
    const taken = links.filter(({ url, used }) => url !== '' && (!used || rules.linksRepeat))
    for (const link of taken) link.used = true
    return taken.map(({ url }) => url)
  }

  function openTable(role: Role): void {
    cut()
    table = createTable()
    inTable = 0
    open.push(role)
  }

  function closeTable(): void {
    const finished = table!
    table = undefined
    output.table(finished, block, { urls: takeLinks(), rendered: isRendered() })
  }

  function openElement(role: Role, name: string, attributes: Attributes): void {
    if (rules.context && attributes['data-rendered-by'] === 'server' && !isRendered())
      renderedFrom = open.length
    switch (role.kind) {
      case 'flow':
        openFlow(role, name, attributes)
        break
      case 'phrasing':
        openPhrasing(role, attributes)
        break
      case 'lineBreak':
        open.push(role)
        node = '\n'
        endNode()
        break
      case 'image':
        openImage(role, attributes)
        break
      case 'table':
        openTable(role)
        break
      case 'dropped':
        if (role.cuts) cut()
        skipping = 1
        break
      case 'invisible':
        break
    }
  }

  function closeElement(role: Role | undefined): void {
    if (role?.kind === 'flow') closeFlow(role)
    else if (role?.kind === 'phrasing') closePhrasing(role)
    else if (role?.kind === 'table') closeTable()
    if (open.length <= renderedFrom) renderedFrom = Number.POSITIVE_INFINITY
  }

  return {
    open(name, attributes) {
      if (skipping > 0) {
        skipping++
        return
      }
      const role = named.get(name) ?? unknown
      if (role.kind === 'invisible') {
        skipping = 1
        return
      }
      endNode()
      if (table === undefined) openElement(role, name, attributes)
      else {
        inTable++
        table.open(name, attributes)
      }
    },
    text(text) {
      if (skipping === 0) node += text
    },
    close() {
      if (skipping > 0) {
        skipping--
        return
      }
      endNode()
      if (table === undefined || inTable === 0) closeElement(open.pop())
      else {
        inTable--
        table.close()
      }
    },
    end() {
      endNode()
      endRun()
    },
  }
}
