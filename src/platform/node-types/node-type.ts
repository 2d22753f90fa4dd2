/**
 * How a type of node is declared: what it is called, which settings it takes, and which steps it becomes.
 *
 * @module
 */

import type { z } from 'zod'
import type { Step } from '../../model/contracts.ts'
import type { FieldProblem } from '../../model/errors.ts'
import { nearest } from '../../util/nearest.ts'
import type { Config } from '../platform.ts'

/** Where a node may stand; the order of the contract. */
export type NodeRole = 'partition' | 'enrich' | 'chunk' | 'embed' | 'extract'

export interface NodeType {
  /** As the API calls it: `partition`. */
  readonly type: string
  readonly subtype: string
  readonly role: NodeRole
  /** Settings with defaults filled in, or what is wrong with them, by the names of the settings. */
  read(given: Config): { readonly settings: Config } | { readonly problems: readonly FieldProblem[] }
  /** The steps that it becomes. Without it, the node is known and not built yet. */
  readonly open?: (settings: Config) => Promise<readonly Step[]>
}

interface Declaration<Schema extends z.ZodObject> extends Pick<NodeType, 'type' | 'subtype' | 'role'> {
  readonly settings: Schema
  /** What settings mean together; by their names. */
  readonly check?: (settings: z.output<Schema>) => readonly FieldProblem[]
  readonly open?: (settings: z.output<Schema>) => Promise<readonly Step[]>
}

export function defineNodeType<Schema extends z.ZodObject>(declared: Declaration<Schema>): NodeType {
  const { type, subtype, role, settings: schema, check = () => [], open } = declared
  const known = Object.keys(schema.shape)

  function read(given: Config): ReturnType<NodeType['read']> {
    const unknown = Object.keys(given).filter((name) => !known.includes(name))
    // What is null is not set.
    const set = Object.entries(given).filter(([name, value]) => value !== null && known.includes(name))
    const parsed = schema.safeParse(Object.fromEntries(set), { error: missing })
    const problems = [
      ...unknown.map((name) => ({ field: name, message: noSuchSetting(name, known) })),
      ...(parsed.success ? check(parsed.data) : parsed.error.issues.map(problemOf)),
    ]
    return problems.length > 0 || !parsed.success ? { problems } : { settings: parsed.data }
  }

  return {
    type,
    subtype,
    role,
    read,
    // What is opened has been read before, perhaps by an earlier version, so defaults are filled in again.
    ...(open && { open: async (settings) => open(schema.parse(settings)) }),
  }
}

/** Says that something is missing where zod would speak of `undefined`; otherwise its own words. */
const missing: z.core.$ZodErrorMap = ({ code, input }) =>
  code === 'invalid_type' && input === undefined ? 'Missing.' : undefined

function noSuchSetting(name: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  if (meant !== undefined) return `There is no such setting. Did you mean ${meant}?`
  return known.length === 0
    ? 'There is no such setting; this node has none.'
    : `There is no such setting. Known: ${known.join(', ')}.`
}

const problemOf = ({ path, message }: z.core.$ZodIssue): FieldProblem => ({
  field: path.join('.'),
  message: message.endsWith('.') ? message : `${message}.`,
})
