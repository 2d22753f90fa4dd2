/**
 * Values in CQL.
 *
 * @module
 */

/** In double quotes, as personal space keys (`~…`), reserved words and titles need it. */
export function quoteCql(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
