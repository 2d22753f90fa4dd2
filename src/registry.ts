/**
 * Plugin name to lazy import: the only file that names plugins.
 *
 * @module
 */

import { OutflowError } from './model/errors.ts'

const plugins = {
  source: {
    confluence: async () => (await import('./sources/confluence/index.ts')).default,
    local: async () => (await import('./sources/local/index.ts')).default,
  },
  step: {
    auto: async () => (await import('./partition/auto.ts')).default,
    html: async () => (await import('./partition/html.ts')).default,
    exclude: async () => (await import('./enrich/exclude.ts')).default,
    unique_ids: async () => (await import('./enrich/unique-ids.ts')).default,
    basic: async () => (await import('./chunk/basic.ts')).default,
    by_title: async () => (await import('./chunk/by-title.ts')).default,
    by_page: async () => (await import('./chunk/by-page.ts')).default,
    by_similarity: async () => (await import('./chunk/by-similarity.ts')).default,
  },
  destination: {
    files: async () => (await import('./destinations/files.ts')).default,
    postgres: async () => (await import('./destinations/postgres.ts')).default,
  },
} as const

type Plugins = typeof plugins
export type PluginRole = keyof Plugins

/** The factory of a plugin; of one whose name only run time knows, any of its role. */
type FactoryOf<Role extends PluginRole, Name extends string> = Role extends PluginRole
  ? Plugins[Role] extends Record<Name & keyof Plugins[Role], () => Promise<infer Factory>>
    ? Factory
    : never
  : never

export const pluginNames = (role: PluginRole): readonly string[] => Object.keys(plugins[role])

/** @throws {OutflowError} kind `config`, code `plugin.unknown`, naming those that exist */
export async function loadPlugin<Role extends PluginRole, Name extends string>(
  role: Role,
  name: Name,
): Promise<FactoryOf<Role, Name>> {
  const known: Record<string, (() => Promise<unknown>) | undefined> = plugins[role]
  const load = Object.hasOwn(known, name) ? known[name] : undefined
  if (!load)
    throw new OutflowError({
      kind: 'config',
      code: 'plugin.unknown',
      message: `There is no ${role} called "${name}".`,
      fix: `Known: ${Object.keys(known).join(', ')}.`,
    })
  return (await load()) as FactoryOf<Role, Name>
}
