/**
 * Elements as JSON and back (source: unstructured 0.27, `staging/base`).
 *
 * @module
 */

import type { Element, ElementType } from './element.ts'

/** Coordinates of pixels need no more than this; others two digits. */
const pixelDigits = 1
const otherDigits = 2
const probabilityDigits = 5

function round(value: number, digits: number): number {
  const factor = 10 ** digits
  return Math.round(value * factor) / factor
}

interface Coordinates {
  readonly points?: readonly (readonly number[])[]
  readonly system?: string
}

function roundCoordinates(coordinates: Coordinates): Coordinates {
  if (coordinates.points === undefined) return coordinates
  const digits = coordinates.system === 'PixelSpace' ? pixelDigits : otherDigits
  return {
    ...coordinates,
    points: coordinates.points.map((point) => point.map((each) => round(each, digits))),
  }
}

/** The element as others expect it: coordinates and probabilities rounded. */
export function roundedElement(element: Element): Element {
  const { coordinates, detection_class_prob: probability } = element.metadata
  if (coordinates === undefined && probability === undefined) return element
  const metadata = { ...element.metadata }
  if (coordinates !== undefined) metadata.coordinates = roundCoordinates(coordinates as Coordinates)
  if (typeof probability === 'number') metadata.detection_class_prob = round(probability, probabilityDigits)
  return { ...element, metadata }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sortKeys(each)]))
}

const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Pretty JSON, byte for byte what the reference writes: keys sorted, four spaces, ASCII only. */
export function elementsToJson(elements: readonly Element[]): string {
  const pretty = JSON.stringify(
    elements.map((element) => sortKeys(roundedElement(element))),
    null,
    4,
  )
  return pretty.replace(/[\u007f-\uffff]/g, escapeUnit)
}

/** One element a line, keys as they came, no line break at the end. */
export function elementsToNdjson(elements: readonly Element[]): string {
  return elements.map((element) => JSON.stringify(roundedElement(element))).join('\n')
}

/** Names that other versions gave to types. */
const aliases: Readonly<Record<string, ElementType>> = {
  'Section-header': 'Title',
  Headline: 'Title',
  Subheadline: 'Title',
  'Field-Name': 'Title',
  Text: 'NarrativeText',
  Paragraph: 'NarrativeText',
  Abstract: 'NarrativeText',
  Threading: 'NarrativeText',
  Value: 'NarrativeText',
  Link: 'NarrativeText',
  BulletedText: 'ListItem',
  'List-item': 'ListItem',
  'Page-header': 'Header',
  'Page-footer': 'Footer',
  Footnote: 'Footer',
  Caption: 'FigureCaption',
  Figure: 'Image',
  Picture: 'Image',
}

const types: ReadonlySet<string> = new Set<ElementType>([
  'Title',
  'NarrativeText',
  'ListItem',
  'Table',
  'Image',
  'CodeSnippet',
  'UncategorizedText',
  'Header',
  'Footer',
  'Address',
  'EmailAddress',
  'FigureCaption',
  'Formula',
  'PageBreak',
  'PageNumber',
  'Form',
  'FormKeysValues',
  'DocumentData',
  'CheckBox',
  'CompositeElement',
  'TableChunk',
])

const isType = (name: string): name is ElementType => types.has(name)

/**
 * Reads a JSON array of elements. Other names of types are translated; elements of unknown type are dropped, as the reference does.
 *
 * @throws {SyntaxError} when it is not JSON
 */
export function elementsFromJson(json: string): Element[] {
  const given = JSON.parse(json) as readonly (Omit<Element, 'type'> & { type: string })[]
  return given.flatMap(({ type: name, ...rest }) => {
    const type = isType(name) ? name : Object.hasOwn(aliases, name) ? aliases[name] : undefined
    return type === undefined ? [] : [{ type, ...rest }]
  })
}
