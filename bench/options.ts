/**
 * `--name value` options of a benchmark, all numbers or texts, with defaults.
 *
 * @module
 */

import { parseArgs } from 'node:util'

/** @throws {TypeError} for an option that the benchmark does not know */
export function options<Defaults extends Record<string, string | number>>(
  args: string[],
  defaults: Defaults,
): Defaults {
  const { values } = parseArgs({
    args,
    options: Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' as const }])),
  })
  const merged = Object.entries(defaults).map(([name, fallback]) => {
    const given = values[name]
    if (given === undefined) return [name, fallback]
    return [name, typeof fallback === 'number' ? Number(given) : given]
  })
  return Object.fromEntries(merged) as Defaults
}
