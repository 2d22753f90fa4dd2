/**
 * Which element stands under which: a walk over the flat list with a stack of open parents.
 *
 * @module
 */

import type { Element, ElementType } from './element.ts'

const underTitle: ReadonlySet<ElementType> = new Set([
  'UncategorizedText',
  'NarrativeText',
  'ListItem',
  'Table',
  'FigureCaption',
  'CheckBox',
])

const underHeader: ReadonlySet<ElementType> = new Set([...underTitle, 'Title'])

const childrenOf: Readonly<Partial<Record<ElementType, ReadonlySet<ElementType>>>> = {
  Title: underTitle,
  Header: underHeader,
}

const depthOf = (element: Element) => element.metadata.category_depth ?? 0

/** Whether `parent` may hold `child`: its own type one level deeper, or a type that belongs under it. */
function holds(parent: Element, child: Element): boolean {
  if (parent.type === child.type) return depthOf(parent) < depthOf(child)
  return childrenOf[parent.type]?.has(child.type) ?? false
}

/**
 * Sets `parent_id` as the reference does (source: unstructured 0.27, `set_element_hierarchy`). Types that belong under nothing (Image,
 * CodeSnippet, Address, …) get no parent and close every open one. Elements that have a parent already are left alone.
 */
export function assignParents(elements: readonly Element[]): void {
  const open: Element[] = []
  for (const element of elements) {
    if (element.metadata.parent_id !== undefined) continue
    while (open.length > 0 && !holds(open.at(-1)!, element)) open.pop()
    const parent = open.at(-1)
    if (parent !== undefined) element.metadata.parent_id = parent.element_id
    open.push(element)
  }
}

/** Types that text goes on after: they stand under the nearest heading and close nothing. */
const passing: ReadonlySet<ElementType> = new Set([
  'Image',
  'CodeSnippet',
  'Address',
  'EmailAddress',
  'Formula',
  'FigureCaption',
  'PageBreak',
])

/**
 * Sets `parent_id` so that an image or a code block in the middle of a section does not tear what follows from its heading: such
 * elements get the nearest heading as parent and leave the open parents as they are.
 */
export function assignParentsThrough(elements: readonly Element[]): void {
  const open: Element[] = []
  for (const element of elements) {
    if (element.metadata.parent_id !== undefined) continue
    const passes = passing.has(element.type)
    if (!passes) while (open.length > 0 && !holds(open.at(-1)!, element)) open.pop()
    const parent = passes ? open.findLast(({ type }) => type === 'Title' || type === 'Header') : open.at(-1)
    if (parent !== undefined) element.metadata.parent_id = parent.element_id
    if (!passes) open.push(element)
  }
}
