/**
 * White space as Python's `str.split` sees it: no-break spaces and file separators count, zero-width spaces and byte order marks do
 * not. Texts, and with them ids, depend on it.
 *
 * @module
 */

const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const runOfSpace = new RegExp(`[${space}]+`, 'g')
const edges = new RegExp(`^[${space}]+|[${space}]+$`, 'g')
const visible = new RegExp(`[^${space}]`)
/** Anything that `collapseSpace` would change, but for single spaces at the ends. */
const uneven = new RegExp(`(?! )[${space}]| {2}`)

/** Whether nothing can be seen. */
export const isBlank = (text: string): boolean => !visible.test(text)

/** Takes white space from both ends. */
export function strip(text: string): string {
  return text.replace(edges, '')
}

/** One space for each run of white space, none at the ends. */
export function collapseSpace(text: string): string {
  const even = uneven.test(text) ? text.replace(runOfSpace, ' ') : text
  const from = even.startsWith(' ') ? 1 : 0
  const to = even.endsWith(' ') ? even.length - 1 : even.length
  return from === 0 && to === even.length ? even : even.slice(from, to)
}

/** The words between white space. */
export function words(text: string): string[] {
  const even = collapseSpace(text)
  return even === '' ? [] : even.split(' ')
}
