/**
 * Fields of a Word paragraph: an instruction, which is not shown, and its result, which is. Those that are links tell their address.
 *
 * @module
 */

import type { Link } from '../office/pieces.ts'

interface Field {
  instruction: string
  /** Past the instruction. */
  shown: boolean
  link?: Link
}

interface Fields {
  /** @param type of a `w:fldChar`: `begin`, `separate`, `end` */
  mark(type: string | undefined): void
  instruct(text: string): void
  /** Whether an instruction is being read. */
  inCode(): boolean
  /** The link that the innermost field around is, if any is. */
  link(): Link | undefined
}

/** For one paragraph: a field that ends in another one does not reach beyond. */
export function createFields(): Fields {
  const open: Field[] = []
  return {
    mark(type) {
      const field = open.at(-1)
      if (type === 'begin') open.push({ instruction: '', shown: false })
      else if (type === 'end') open.pop()
      else if (type === 'separate' && field) {
        field.shown = true
        const url = addressIn(field.instruction)
        if (url !== '') field.link = { url }
      }
    },
    instruct(text) {
      const field = open.at(-1)
      if (field && !field.shown) field.instruction += text
    },
    inCode: () => open.some(({ shown }) => !shown),
    link: () => open.findLast(({ link }) => link !== undefined)?.link,
  }
}

/** The address in an instruction; empty when it is no link to the outside. */
export function addressIn(instruction: string): string {
  const address = /^\s*HYPERLINK\s+(?:"([^"]*)"|([^\s\\"]+))/i.exec(instruction)
  const anchor = /\\l\s+"([^"]*)"/.exec(instruction)?.[1]
  const url = address?.[1] ?? address?.[2] ?? ''
  return url === '' || !anchor ? url : `${url}#${anchor}`
}
