/**
 * What a header, a footer or a note of an office document says and shows, as it is read.
 *
 * @module
 */

import { isBlank, strip } from '../../kit/whitespace.ts'
import type { ReadContext } from '../file.ts'
import type { Picture } from './picture.ts'
import type { Piece } from './pieces.ts'

export interface Said {
  /** A line for each paragraph and table. */
  readonly text: string
  readonly pictures: readonly Picture[]
}

interface SaidReader {
  /** A paragraph or a table ends; what is blank is left out. */
  line(text: string): void
  /** Keeps the pictures among the pieces; charts and the like are told as lost. Returns the pieces. */
  showing(pieces: Piece[]): Piece[]
  told(): Said
}

export function createSaid({ lose }: Pick<ReadContext, 'lose'>): SaidReader {
  const lines: string[] = []
  const pictures: Picture[] = []
  return {
    line: (text) => void (isBlank(text) || lines.push(strip(text))),
    showing(pieces) {
      for (const piece of pieces) {
        if (piece.kind === 'picture') pictures.push(piece.picture)
        else if (piece.kind === 'graphic') lose({ code: 'drawing_not_read', name: piece.what })
      }
      return pieces
    },
    told: () => ({ text: lines.join('\n'), pictures }),
  }
}
