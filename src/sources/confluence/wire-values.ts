/**
 * Values as they come from a site, which may be anything, made into what we rely on.
 *
 * @module
 */

/** @throws {TypeError} for nothing, where an item without an id would be taken for any other without one */
export function idOf(value: unknown): string {
  if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return String(value)
  throw new TypeError('an id is missing')
}

/** Text, or nothing. */
export const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
