/**
 * White space as Python's `str.split` sees it: no-break spaces and file separators count, zero-width spaces and byte order marks do
 * not. Texts, and with them ids, depend on it.
 *
 * @module
 */

const unusual = '\\t-\\r\\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const runOfSpace = new RegExp(`[ ${unusual}]+`, 'g')
const rareSpaces: ReadonlySet<number> = new Set([0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000])
/** Inside a text: anything but single plain spaces. */
const uneven = new RegExp(`[${unusual}]| {2}`)

/** Whether a UTF-16 unit is white space. */
export function isSpace(code: number): boolean {
  if (code < 0x85) return code === 32 || (code >= 9 && code <= 13) || (code >= 28 && code <= 31)
  if (code < 0x1680) return code === 0x85 || code === 0xa0
  if (code > 0x3000) return false
  return (code >= 0x2000 && code <= 0x200a) || rareSpaces.has(code)
}

/** Whether nothing can be seen. */
export function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isSpace(text.charCodeAt(at))) return false
  return true
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
