/**
 * Elements for a person: type and text, a line each.
 *
 * @module
 */

import type { Element } from '../../model/element.ts'
import { printable, type Style } from '../terminal.ts'

/** Indented by the headings above it. */
export function elementLine({ type, text, metadata }: Element, style: Style): string {
  const indent = '  '.repeat(metadata.heading_path?.length ?? 0)
  return `${style.dim(type.padEnd(18))} ${indent}${printable(text.replaceAll('\n', ' ⏎ '))}`
}
