/**
 * What documents are made with: the plugins of a workflow and those of their settings that decide what comes out. When it changes,
 * everything is processed again.
 *
 * @module
 */

import { shapingSettings } from '../kit/define.ts'
import { digest } from './digest.ts'
import type { Workflow } from './plan.ts'

export interface Recipe {
  readonly digest: string
  /** JSON of a flat object: plugin and setting, such as `html.mode`, and its value. */
  readonly json: string
}

/** Settings by plugin and name, in the order of the workflow; never a secret. */
export function recipeOf({ source, steps, destination }: Workflow): Recipe {
  const plugins = [source, ...steps, destination]
  const parts = plugins.flatMap((plugin, place) => [
    [`plugin ${place + 1}`, plugin.name],
    ...Object.entries(shapingSettings(plugin)).map(([setting, value]) => [
      `${plugin.name}.${setting}`,
      value,
    ]),
  ])
  const flat: unknown = Object.fromEntries(parts)
  return { digest: digest(flat), json: JSON.stringify(flat) }
}

/** What differs between two recipes, in words: `html.mode was "compat" and is …`. */
export function changesSince(before: string, now: string): readonly string[] {
  const [old, fresh] = [JSON.parse(before), JSON.parse(now)] as Record<string, unknown>[]
  const names = new Set([...Object.keys(old!), ...Object.keys(fresh!)])
  return [...names].flatMap((name) => {
    const [was, is] = [JSON.stringify(old![name]) ?? 'not set', JSON.stringify(fresh![name]) ?? 'not set']
    return was === is ? [] : [`${name} was ${was} and is ${is}`]
  })
}
