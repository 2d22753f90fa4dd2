/**
 * What a page asks of the wiki around it, gathered before it is rendered, so that everything can be asked at once.
 *
 * @module
 */

import { userIdOf } from './elements/resources.ts'
import { isMacro, readMacro } from './macro.ts'
import { ruleFor } from './macros/rules.ts'
import type { Macro, Question, SourcePage } from './renderer.ts'
import type { XmlElement, XmlNode } from './tree.ts'
import type { MacroPlace } from './view.ts'

export interface Gathered {
  readonly users: ReadonlySet<string>
  /** Each asked from the point of view of this page. */
  readonly questions: readonly Question[]
  /** All macros, in the order of the page. */
  readonly macros: readonly Macro[]
}

export function gather(nodes: readonly XmlNode[], page: SourcePage): Gathered {
  const users = new Set<string>()
  const questions: Question[] = []
  const macros: Macro[] = []

  function visit(element: XmlElement): void {
    if (element.name === 'ri:user') {
      const id = userIdOf(element)
      if (id !== undefined) users.add(id)
    } else if (isMacro(element)) {
      const macro = readMacro(element)
      macros.push(macro)
      questions.push(...(ruleFor(macro.name).asks?.(macro, page) ?? []))
    }
    visitAll(element.children)
  }

  function visitAll(children: readonly XmlNode[]): void {
    for (const child of children) if (typeof child !== 'string') visit(child)
  }

  visitAll(nodes)
  return { users, questions, macros }
}

/** Where each macro stands among those of its name. */
export function placesOf(macros: readonly Macro[]): ReadonlyMap<XmlElement, MacroPlace> {
  const byName = Map.groupBy(macros, (macro) => macro.name.toLowerCase())
  const places = new Map<XmlElement, MacroPlace>()
  for (const sameName of byName.values()) {
    for (const [nth, macro] of sameName.entries()) places.set(macro.element, { nth, of: sameName.length })
  }
  return places
}
