/**
 * Where on its page an element is.
 *
 * @module
 */

/** What is told in `metadata.coordinates`. */
export interface Coordinates {
  /** The corners from the upper left one, against the clock. */
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly system: 'PixelSpace'
  readonly layout_width: number
  readonly layout_height: number
}

/** A page or a picture, in units of its own: points or pixels. */
export interface Layout {
  readonly width: number
  readonly height: number
}

/** In the reference's form. The y axis points down. */
export function coordinatesOf(
  [left, top, right, bottom]: readonly [left: number, top: number, right: number, bottom: number],
  { width, height }: Layout,
): Coordinates {
  return {
    points: [
      [left, top],
      [left, bottom],
      [right, bottom],
      [right, top],
    ],
    system: 'PixelSpace',
    layout_width: width,
    layout_height: height,
  }
}
