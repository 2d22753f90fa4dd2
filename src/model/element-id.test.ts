import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Element } from './element.ts'
import { assignElementIds } from './element-id.ts'

const element = (text: string, metadata: Element['metadata'] = {}): Element => ({
  type: 'NarrativeText',
  element_id: '',
  text,
  metadata,
})

const idOf = (identity: string) => createHash('sha256').update(identity).digest('hex').slice(0, 32)

describe('assignElementIds', () => {
  it('hashes file name, text, page and place on the page; None for what is missing', () => {
    const given = [
      element('a'),
      element('a'),
      element('ä', { filename: 'f.html', page_number: 2 }),
      element('b', { page_number: 2 }),
      element('c'),
    ]
    assignElementIds(given)
    expect(given.map(({ element_id }) => element_id)).toEqual(
      ['NoneaNone0', 'NoneaNone1', 'f.htmlä20', 'Noneb21', 'NonecNone2'].map(idOf),
    )
  })
})
