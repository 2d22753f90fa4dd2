/**
 * White space as Python's `str.split` sees it: no-break spaces and file separators count, zero-width spaces and byte order marks do
 * not. Texts, and with them ids, depend on it.
 *
 * @module
 */

const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const runOfSpace = new RegExp(`[${space}]+`, 'g')
const visible = new RegExp(`[^${space}]`)
/** Inside a text: anything but single plain spaces. */
const uneven = new RegExp(`(?! )[${space}]| {2}`)

/** Whether nothing can be seen. */
export const isBlank = (text: string): boolean => !visible.test(text)

function isSpace(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 9 && code <= 13) || (code >= 28 && code <= 31)
  return code >= 0x85 && isBlank(String.fromCharCode(code))
}

/** Takes white space from both ends. */
export function strip(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && isSpace(text.charCodeAt(from))) from++
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--
  return from === 0 && to === text.length ? text : text.slice(from, to)
}

/** One space for each run of white space, none at the ends. */
export function collapseSpace(text: string): string {
  const stripped = strip(text)
  return uneven.test(stripped) ? stripped.replace(runOfSpace, ' ') : stripped
}

/** The words between white space. */
export function words(text: string): string[] {
  const even = collapseSpace(text)
  return even === '' ? [] : even.split(' ')
}
