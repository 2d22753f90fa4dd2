/**
 * Plugin name to lazy import: the only file that names plugins.
 *
 * @module
 */

import { OutflowError } from './model/errors.ts'

const plugins = {
  source: { confluence: async () => (await import('./sources/confluence/index.ts')).default },
  step: { html: async () => (await import('./partition/html.ts')).default },
  destination: {
    files: async () => (await import('./destinations/files.ts')).default,
    postgres: async () => (await import('./destinations/postgres.ts')).default,
  },
} as const

type Plugins = typeof plugins
export type PluginRole = keyof Plugins

/** The factory of one role, whichever plugin it is. */
type FactoryOf<Role extends PluginRole> =
  Plugins[Role] extends Record<string, () => Promise<infer Factory>> ? Factory : never

export const pluginNames = (role: PluginRole): readonly string[] => Object.keys(plugins[role])

/** @throws {OutflowError} kind `config`, code `plugin.unknown`, naming those that exist */
export async function loadPlugin<Role extends PluginRole>(
  role: Role,
  name: string,
): Promise<FactoryOf<Role>> {
  const known: Record<string, (() => Promise<unknown>) | undefined> = plugins[role]
  const load = Object.hasOwn(known, name) ? known[name] : undefined
  if (!load)
    throw new OutflowError({
      kind: 'config',
      code: 'plugin.unknown',
      message: `There is no ${role} called "${name}".`,
      fix: `Known: ${Object.keys(known).join(', ')}.`,
    })
  return (await load()) as FactoryOf<Role>
}
