/**
 * Text as HTML or XML.
 *
 * @module
 */

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Between tags. */
export const escapeText = (text: string): string =>
  text.replace(/[&<>]/g, (character) => entities[character]!)

/** In a double-quoted value, and between tags as well. */
export const escapeValue = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => entities[character]!)
