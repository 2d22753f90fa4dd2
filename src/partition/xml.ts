/**
 * Reads XML of any kind: the text of its elements, each judged by its looks, or all of it with its tags.
 *
 * @module
 */

import type { Element } from '../model/element.ts'
import { elementFromText } from './element-from-text.ts'
import type { ReadFile } from './file.ts'
import { readXml } from './office/xml.ts'
import { damaged } from './problems.ts'
import { textOfFile } from './text.ts'

export const readXmlFile: ReadFile = async (file, options) => {
  const xml = textOfFile(file, options)
  if (options.xmlKeepTags) return [{ type: 'UncategorizedText', element_id: '', text: xml, metadata: {} }]
  if (xml.trim() !== '' && !xml.includes('<')) throw damaged('XML file', 'there is no element in it')
  const elements: Element[] = []
  const strict = options.mode === 'enhanced'
  for (const text of strict ? textsInOrder(xml) : textsByElement(xml))
    elements.push(elementFromText(text, {}, strict))
  return elements
}

/** Each text between two tags, as they stand. */
function textsInOrder(xml: string): readonly string[] {
  const texts: string[] = []
  let text = ''
  const end = () => {
    if (text.trim() !== '') texts.push(text.trim())
    text = ''
  }
  const add = (part: string) => {
    text += part
  }
  readXml(xml, 'XML file', { open: end, text: add, close: end })
  return texts
}

/** As the reference does: the text of each element without that of elements in it, in the order in which they end. */
function textsByElement(xml: string): readonly string[] {
  const texts: string[] = []
  const open: string[][] = []
  readXml(xml, 'XML file', {
    open: () => void open.push([]),
    text: (part) => void open.at(-1)?.push(part),
    close() {
      const text = (open.pop() ?? []).join('').trim()
      if (text !== '') texts.push(text)
    },
  })
  return texts
}
