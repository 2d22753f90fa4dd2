import { describe, expect, it } from 'vitest'
import type { Element } from './element.ts'
import { elementsFromJson, elementsToJson, elementsToNdjson } from './element-json.ts'

const source = { url: 'https://wiki.example.com/1', version: '3' }
const elements: Element[] = [
  { type: 'Title', element_id: 'a', text: 'Größe "x" 😀', metadata: { filename: 'f', data_source: source } },
  { type: 'CheckBox', element_id: 'b', text: 'do', checked: true, metadata: { data_source: source } },
  { type: 'Table', element_id: 'c', text: '', metadata: {} },
]

describe('elementsToJson', () => {
  it('sorts keys, indents by four and writes ASCII', () => {
    expect(elementsToJson(elements.slice(0, 1))).toBe(
      String.raw`[
    {
        "element_id": "a",
        "metadata": {
            "data_source": {
                "url": "https://wiki.example.com/1",
                "version": "3"
            },
            "filename": "f"
        },
        "text": "Gr\u00f6\u00dfe \"x\" \ud83d\ude00",
        "type": "Title"
    }
]`,
    )
  })

  it('rounds coordinates and probabilities, and leaves the element alone', () => {
    const coordinates = { points: [[1.26, 2]], system: 'PixelSpace' }
    const element: Element = {
      ...elements[2]!,
      metadata: { coordinates, detection_class_prob: 0.1234567 },
    }
    const [pixels] = JSON.parse(elementsToJson([element])) as Element[]
    expect(pixels!.metadata).toMatchObject({
      coordinates: { points: [[1.3, 2]] },
      detection_class_prob: 0.12346,
    })
    expect(coordinates.points).toEqual([[1.26, 2]])
    element.metadata.coordinates = { points: [[0.126, 1]], system: 'RelativeCoordinateSystem' }
    expect(JSON.parse(elementsToNdjson([element])).metadata.coordinates.points).toEqual([[0.13, 1]])
  })
})

describe('NDJSON', () => {
  it('is one element a line without a last line break, keys as they came', () => {
    expect(elementsToNdjson(elements.slice(2))).toBe(
      '{"type":"Table","element_id":"c","text":"","metadata":{}}',
    )
    expect(
      elementsToNdjson(elements)
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(elements)
    expect(elementsToNdjson([])).toBe('')
  })
})

describe('elementsFromJson', () => {
  it('reads back what was written', () => {
    expect(elementsFromJson(elementsToJson(elements))).toEqual(elements)
  })

  it('translates other names of types and drops unknown ones', () => {
    const given = ['Headline', 'Paragraph', 'List-item', 'Picture', 'Footnote', 'Nonsense'].map((type) => ({
      ...elements[2]!,
      type,
    }))
    expect(elementsFromJson(JSON.stringify(given)).map(({ type }) => type)).toEqual([
      ...['Title', 'NarrativeText', 'ListItem', 'Image', 'Footer'],
    ])
  })
})
