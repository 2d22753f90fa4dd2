/**
 * Sections of a Word document: the headers and footers around them, and the pages that they leave empty.
 *
 * @module
 */

import type { Element } from '../../model/element.ts'
import type { FileOptions } from '../file.ts'
import type { Output } from '../office/output.ts'
import type { Said } from '../office/said.ts'
import { childrenOf, type XmlNode } from '../office/xml.ts'
import { tooMuch } from '../problems.ts'
import { isOn, valueIn } from './names.ts'
import type { Story, WordPackage } from './package.ts'

export interface Sections {
  /** @param properties `w:sectPr`, which stands at a section's end */
  end(properties: XmlNode): void
}

interface SectionsOptions {
  readonly document: WordPackage
  readonly output: Output
  readonly options: FileOptions
  /** The format, for messages. */
  readonly what: string
  readonly read: (story: Story) => Said
}

/** Which pages a header or footer is for: the file's word and the reference's, in its order. */
const pageKinds = [
  ['default', 'primary'],
  ['first', 'first_page'],
  ['even', 'even_only'],
] as const

/** Characters that the same headers and footers may come to. */
const mostRepeated = 20_000_000

export function createSections({ document, output, options, what, read }: SectionsOptions): Sections {
  let first = true
  /** Where the section began: its elements, and its page. */
  let from = 0
  let page = output.page()
  /** What has been told already: enhanced mode tells it once, compat mode each time. */
  const told = new Map<Story, Said>()
  let repeated = 0

  function margins(properties: XmlNode, type: 'Header' | 'Footer'): Element[] {
    if (options.skipHeadersAndFooters) return []
    const references = childrenOf(properties).filter(
      ({ name }) => name === `w:${type.toLowerCase()}Reference`,
    )
    return pageKinds.flatMap(([written, told]) => {
      if (written === 'first' && !isOn(properties, 'w:titlePg')) return []
      if (written === 'even' && !document.evenPages) return []
      const reference = references.find(({ attributes }) => (attributes['w:type'] ?? 'default') === written)
      const story = document.margins.get(reference?.attributes['r:id'] ?? '')
      const said = story && marginSaid(story)
      return said ? output.margin(type, told, said) : []
    })
  }

  /** Undefined when it is told already. */
  function marginSaid(story: Story): Said | undefined {
    const known = told.get(story)
    if (known && options.mode === 'enhanced') return undefined
    const said = known ?? read(story)
    told.set(story, said)
    repeated += known ? said.text.length : 0
    if (repeated > mostRepeated)
      throw tooMuch(
        what,
        `headers that are repeated to more than ${mostRepeated.toLocaleString('en')} characters`,
      )
    return said
  }

  /** A section that begins on an odd page, say, and follows one that ends on an odd page, leaves the page between empty. */
  function leavePage(properties: XmlNode): number {
    const start = valueIn(properties, 'w:type')
    const parity = start === 'oddPage' ? 1 : start === 'evenPage' ? 0 : undefined
    if (first || !output.paged || page % 2 !== parity) return from
    const before = output.elements.length
    output.shiftPages(from)
    return from + output.elements.length - before
  }

  return {
    end(properties) {
      output.elements.splice(leavePage(properties), 0, ...margins(properties, 'Header'))
      output.elements.push(...margins(properties, 'Footer'))
      first = false
      from = output.elements.length
      page = output.page()
    },
  }
}
