/**
 * Values in CQL.
 *
 * @module
 */

/** In double quotes, as personal space keys (`~…`), reserved words and titles need it. */
export function quoteCql(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** Everything of these types in these spaces. */
export function cqlOf(keys: readonly string[], types: readonly string[]): string {
  return `space in (${keys.map(quoteCql).join(',')}) and type in (${types.join(',')})`
}
