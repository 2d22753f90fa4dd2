/**
 * Reads XML of any kind: the text of its elements, each judged by its looks, or all of it with its tags.
 *
 * @module
 */

import type { Element } from '../model/element.ts'
import { elementFromText } from './element-from-text.ts'
import type { ReadFile } from './file.ts'
import { readXml } from './office/xml.ts'
import { textOfFile } from './text.ts'

export const readXmlFile: ReadFile = async (file, options) => {
  const xml = textOfFile(file, options)
  if (options.xmlKeepTags) return [{ type: 'UncategorizedText', element_id: '', text: xml, metadata: {} }]
  const elements: Element[] = []
  const strict = options.mode === 'enhanced'
  for (const text of textsOf(xml)) elements.push(elementFromText(text, {}, strict))
  return elements
}

/** The text before each element's first child, in the order in which elements end; in between and behind, where there is some. */
function textsOf(xml: string): readonly string[] {
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
