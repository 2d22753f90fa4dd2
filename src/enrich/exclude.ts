/**
 * Leaves elements of some types out. What hung on one of them hangs on what that one hung on.
 *
 * @module
 */

import { z } from 'zod'
import { defineStep, setting } from '../kit/define.ts'
import type { Element, ElementType } from '../model/element.ts'
import { partitionedTypes } from '../model/partitioned-types.ts'

/** The elements that are left. */
function excluding(elements: readonly Element[], types: ReadonlySet<ElementType>): readonly Element[] {
  /** Of each that is left out, what it hung on, as far as that is there. */
  const gone = new Map<string, string | undefined>()
  return elements.flatMap((element) => {
    const { parent_id: parent } = element.metadata
    // A parent stands before its children, so what it hung on is known already.
    const left = parent !== undefined && gone.has(parent) ? gone.get(parent) : parent
    if (types.has(element.type)) {
      gone.set(element.element_id, left)
      return []
    }
    return left === parent ? element : hangingOn(element, left)
  })
}

function hangingOn(element: Element, parent: string | undefined): Element {
  const { parent_id: _, ...metadata } = element.metadata
  return { ...element, metadata: parent === undefined ? metadata : { ...metadata, parent_id: parent } }
}

export default defineStep({
  name: 'exclude',
  title: 'Leave element types out',
  settings: z.strictObject({
    elements: setting(z.array(z.enum(partitionedTypes)), {
      description: 'Types of elements to leave out.',
      example: 'Header,Footer',
    }),
  }),
  create: ({ elements: types }) => {
    const excluded: ReadonlySet<ElementType> = new Set(types)
    return {
      role: 'enrich',
      name: 'exclude',
      apply: async (elements: readonly Element[]) => excluding(elements, excluded),
    }
  },
})
