/**
 * Reads e-books (.epub): their chapters in reading order, by the rules of HTML.
 *
 * @module
 */

import { posix } from 'node:path'
import type { Element } from '../model/element.ts'
import type { FileOptions, ReadContext, ReadFile } from './file.ts'
import { draftHtml } from './html.ts'
import { childOf, childrenOf, parseXml, type XmlNode } from './office/xml.ts'
import { openZip, type Zip } from './office/zip.ts'
import { createPictureData } from './picture-data.ts'
import { damaged, encrypted } from './problems.ts'

const what = 'EPUB book'
const hasScheme = /^[a-z][a-z0-9+.-]*:/i
const chapterTypes: ReadonlySet<string> = new Set(['application/xhtml+xml', 'text/html'])

/**
 * @throws {OutflowError} codes `file.damaged`, `file.too_much`; `file.encrypted` for books that only their shop's program opens
 */
export const readEpub: ReadFile = async ({ bytes }, options, context) => {
  const archive = await openZip(bytes, what)
  const chapters = await chaptersOf(archive)
  await refuseEncrypted(archive, chapters)
  const elements: Element[] = []
  for (const chapter of chapters) {
    context.signal.throwIfAborted()
    const text = await archive.text(chapter)
    if (text === undefined) context.lose({ code: 'chapter_missing', name: chapter })
    else for (const element of readChapter(text, chapter, options)) elements.push(element)
  }
  if (options.imageData) await addPictures(elements, archive, context)
  return elements
}

/** Entries of the chapters, in the order of the book's spine. */
async function chaptersOf(archive: Zip): Promise<string[]> {
  const packagePath = await packageOf(archive)
  const description = await partOf(archive, packagePath)
  const paths = new Map<string, string>()
  for (const { attributes } of childrenOf(named(description, 'manifest')))
    if (attributes.id !== undefined && chapterTypes.has(attributes['media-type'] ?? ''))
      paths.set(attributes.id, resolve(packagePath, attributes.href ?? ''))
  const spine = childrenOf(named(description, 'spine')).flatMap(
    ({ attributes }) => paths.get(attributes.idref ?? '') ?? [],
  )
  // A chapter is read once, however often it is named.
  return [...new Set(spine)]
}

async function packageOf(archive: Zip): Promise<string> {
  const container = await partOf(archive, 'META-INF/container.xml')
  const [root] = childrenOf(named(container, 'rootfiles'))
  return resolve('', root?.attributes['full-path'] ?? '')
}

async function partOf(archive: Zip, path: string): Promise<XmlNode> {
  const text = await archive.text(path)
  if (text === undefined) throw damaged(what, `${path || 'its description'} is not in it`)
  return parseXml(text, what)
}

/** Some write the namespace's prefix, most do not. */
const named = (node: XmlNode, name: string): XmlNode | undefined =>
  childOf(node, name) ?? childOf(node, `opf:${name}`)

/** An entry that is named in another one. */
function resolve(from: string, address: string): string {
  const path = address.replace(/[?#].*$/s, '')
  return posix.normalize(posix.join(posix.dirname(from), decoded(path))).replace(/^(?:\.\.?\/)+|^\//, '')
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Fonts are often disguised, which keeps nobody from reading. */
async function refuseEncrypted(archive: Zip, chapters: readonly string[]): Promise<void> {
  const list = await archive.text('META-INF/encryption.xml')
  if (list !== undefined && chapters.some((chapter) => list.includes(`"${encodeURI(chapter)}"`)))
    throw encrypted(what)
}

function readChapter(text: string, chapter: string, { mode, skipHeadersAndFooters }: FileOptions): Element[] {
  const elements = draftHtml({ text }, { mode, skipHeadersAndFooters })
  if (mode === 'compat') return elements
  for (const { metadata } of elements)
    if (metadata.image_url !== undefined && !hasScheme.test(metadata.image_url))
      metadata.image_url = resolve(chapter, metadata.image_url)
  return elements
}

/** Images whose address is an entry of the book get its bytes. */
async function addPictures(elements: readonly Element[], archive: Zip, context: ReadContext): Promise<void> {
  const loaded = new Map<string, Uint8Array | undefined>()
  const data = createPictureData(context)
  for (const { metadata } of elements) {
    const name = metadata.image_url
    if (name === undefined || !archive.has(name)) continue
    if (!loaded.has(name)) loaded.set(name, await archive.read(name))
    data.put(metadata, name, loaded.get(name))
  }
}
