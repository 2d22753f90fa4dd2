/**
 * Text that PostgreSQL takes. It refuses U+0000, and UTF-8 has no form for half a surrogate pair; a title may hold either, when it was cut in
 * the middle of an emoji or comes from an import. Such characters are kept as an escape behind U+FDD0, which Unicode leaves to programs for
 * their own use, so that nothing is lost and every other text stands in the database as it is.
 *
 * @module
 */

const mark = '\ufdd0'
const unstorable = /[\0\ufdd0]|\p{Surrogate}/gu
const escaped = /\ufdd0([0-9a-f]{4})/g

/** The form in which a text is stored. */
export function storable(text: string): string {
  return text.replace(unstorable, (character) => mark + character.charCodeAt(0).toString(16).padStart(4, '0'))
}

/** What `storable` was given. */
export function restored(text: string): string {
  return text.replace(escaped, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

/** What the JSON of such a text holds: only then is it gone through text by text. */
const suspicious = /\\u(?:0000|d[89a-f])|\ufdd0/

/** JSON of a value, every text in it storable. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value)
  return suspicious.test(json) ? JSON.stringify(value, (_, each) => eachText(each, storable)) : json
}

/** The value of stored JSON. */
export function restoredJson<Value>(json: string): Value {
  return suspicious.test(json) ? JSON.parse(json, (_, each) => eachText(each, restored)) : JSON.parse(json)
}

function eachText(value: unknown, change: (text: string) => string): unknown {
  return typeof value === 'string' ? change(value) : value
}
