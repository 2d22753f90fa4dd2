import { describe, expect, it } from 'vitest'
import type { Element, ElementType } from './element.ts'
import { assignParents, assignParentsThrough } from './hierarchy.ts'

/** Elements named by their place: `Title 1` is a Title of depth 1. */
function elements(...kinds: string[]): Element[] {
  return kinds.map((kind, index) => {
    const [type, depth] = kind.split(' ')
    return {
      type: type as ElementType,
      element_id: String(index),
      text: kind,
      metadata: depth === undefined ? {} : { category_depth: Number(depth) },
    }
  })
}

const parents = (assign: (given: Element[]) => void, ...kinds: string[]) => {
  const given = elements(...kinds)
  assign(given)
  return given.map(({ metadata }) => metadata.parent_id)
}

describe('assignParents', () => {
  it('puts text under the nearest heading and headings under higher ones', () => {
    expect(
      parents(assignParents, 'NarrativeText', 'Title 0', 'NarrativeText', 'Title 1', 'Table', 'Title 0'),
    ).toEqual([...[undefined, undefined, '1', '1', '3', undefined]])
  })

  it('puts a list item under the shallower one before it, and text after the list under the heading', () => {
    expect(
      parents(assignParents, 'Title 0', 'ListItem 1', 'ListItem 2', 'ListItem 1', 'NarrativeText'),
    ).toEqual([...[undefined, '0', '1', '0', '0']])
  })

  it('loses the heading at an image or code', () => {
    expect(
      parents(assignParents, 'Title 0', 'Image', 'NarrativeText', 'Title 0', 'CodeSnippet', 'ListItem 1'),
    ).toEqual([...[undefined, undefined, undefined, undefined, undefined, undefined]])
  })

  it('leaves a parent that is set already', () => {
    const given = elements('Title 0', 'NarrativeText')
    given[1]!.metadata.parent_id = 'mine'
    assignParents(given)
    expect(given[1]!.metadata.parent_id).toBe('mine')
  })
})

describe('assignParentsThrough', () => {
  it('keeps the heading through images and code, which stand under it themselves', () => {
    expect(
      parents(
        assignParentsThrough,
        'Image',
        'Title 0',
        'ListItem 1',
        'Image',
        'ListItem 2',
        'CodeSnippet',
        'NarrativeText',
      ),
    ).toEqual([...[undefined, undefined, '1', '1', '2', '1', '1']])
  })
})
