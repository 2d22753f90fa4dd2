/**
 * The shapes of a slide in the order in which they are read: from the top down, from left to right.
 *
 * @module
 */

import { chosenAlternative } from '../office/alternatives.ts'
import { childOf, childrenOf, type XmlNode } from '../office/xml.ts'
import type { SlideSize } from './package.ts'
import { lineage } from './placeholder.ts'

/** In English Metric Units, from the slide's top left corner. */
interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface Shape {
  readonly node: XmlNode
  /** The node and the placeholders it takes after. */
  readonly lineage: readonly XmlNode[]
  readonly box: Box
}

const nowhere: Box = { left: 0, top: 0, width: 0, height: 0 }
const shapeNames: ReadonlySet<string> = new Set(['p:sp', 'p:pic', 'p:graphicFrame', 'p:cxnSp'])

/** From the places inside a group to places on the slide. */
type Place = (box: Box) => Box

interface ShapeOptions {
  readonly models: readonly XmlNode[]
  /** Look into groups with their own scales, and into alternatives. */
  readonly enhanced: boolean
}

/** All shapes, those in groups as if they stood on the slide itself. */
export function shapesOf(slide: XmlNode, { models, enhanced }: ShapeOptions): Shape[] {
  const found: Shape[] = []

  function collect(parent: XmlNode | undefined, place: Place): void {
    for (const node of childrenOf(parent)) {
      if (node.name === 'p:grpSp') collect(node, enhanced ? placeIn(node, place) : place)
      else if (node.name === 'mc:AlternateContent' && enhanced) collect(chosenAlternative(node), place)
      else if (shapeNames.has(node.name)) {
        const shapes = lineage(node, models)
        found.push({ node, lineage: shapes, box: place(boxOf(shapes)) })
      }
    }
  }

  collect(childOf(childOf(slide, 'p:cSld'), 'p:spTree'), (box) => box)
  return found.sort((one, other) => one.box.top - other.box.top || one.box.left - other.box.left)
}

/** Where the first of the shapes that says so is. */
function boxOf(shapes: readonly XmlNode[]): Box {
  for (const shape of shapes) {
    const transform = childOf(childOf(shape, 'p:spPr'), 'a:xfrm') ?? childOf(shape, 'p:xfrm')
    if (transform) return boxIn(transform, 'a:off', 'a:ext')
  }
  return nowhere
}

function boxIn(transform: XmlNode, offset: string, extent: string): Box {
  const { x, y } = childOf(transform, offset)?.attributes ?? {}
  const { cx, cy } = childOf(transform, extent)?.attributes ?? {}
  return { left: numberOf(x), top: numberOf(y), width: numberOf(cx), height: numberOf(cy) }
}

const numberOf = (value: string | undefined): number => {
  const number = Number(value ?? 0)
  return Number.isFinite(number) ? number : 0
}

/** A group has a scale of its own for what stands in it. */
function placeIn(group: XmlNode, outer: Place): Place {
  const transform = childOf(childOf(group, 'p:grpSpPr'), 'a:xfrm')
  if (!transform) return outer
  const shown = boxIn(transform, 'a:off', 'a:ext')
  const inner = boxIn(transform, 'a:chOff', 'a:chExt')
  const across = inner.width === 0 ? 1 : shown.width / inner.width
  const down = inner.height === 0 ? 1 : shown.height / inner.height
  return ({ left, top, width, height }) =>
    outer({
      left: shown.left + (left - inner.left) * across,
      top: shown.top + (top - inner.top) * down,
      width: width * across,
      height: height * down,
    })
}

/** Whether the shape begins outside of the slide, above it or to its left: the reference's rule. */
export const beginsOutside = ({ box: { left, top } }: Shape): boolean =>
  left !== 0 && top !== 0 && (left < 0 || top < 0)

/** Whether no part of the shape is on the slide. */
export const isOutside = ({ box: { left, top, width, height } }: Shape, size: SlideSize): boolean =>
  left + width < 0 || top + height < 0 || left > size.width || top > size.height
