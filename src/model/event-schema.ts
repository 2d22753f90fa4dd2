/**
 * The schema of a run's events, for those who read `--json` from outside; docs/events.schema.json is made from it.
 *
 * @module
 */

import { z } from 'zod'
import type { RunEvent } from './events.ts'

const count = z.int().min(0)
const seconds = z.number().min(0)

const document = z.strictObject({
  id: z.string(),
  kind: z.enum(['page', 'blogpost', 'comments', 'attachment', 'file']),
  title: z.string(),
  url: z.string(),
  space: z.string(),
})

const error = z.strictObject({
  kind: z.enum([
    'config',
    'credentials',
    'permission',
    'missing',
    'throttled',
    'transient',
    'content',
    'bug',
  ]),
  code: z.string(),
  message: z.string(),
  fix: z.string().exactOptional(),
})

const stage = z.enum(['index', 'download', 'partition', 'enrich', 'chunk', 'embed', 'upload'])
const loss = z.strictObject({ code: z.string(), name: z.string() })
const status = z.enum(['complete', 'partial', 'unknown'])
const truncation = { setting: z.string(), limit: count, available: count.exactOptional() }

const removal = z.enum([
  'deleted',
  'trashed',
  'archived',
  'out_of_scope',
  'space_out_of_scope',
  'lost_access',
])

const coverage = z.strictObject({
  found: count,
  done: count,
  access_changed: count,
  unchanged: count,
  skipped: count,
  not_permitted: count,
  unsupported: count,
  failed: count,
})

/** Every event of a run, told apart by `type`. The annotation proves that schema and type agree. */
export const runEventSchema: z.ZodType<RunEvent> = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('job.started'),
    source: z.string(),
    destination: z.string(),
    at: z.iso.datetime(),
  }),
  z.strictObject({
    type: z.literal('source.connected'),
    message: z.string(),
    facts: z.record(z.string(), z.string()),
  }),
  z.strictObject({ type: z.literal('space.started'), space: z.string(), title: z.string() }),
  z.strictObject({ type: z.literal('space.finished'), space: z.string(), found: count }),
  z.strictObject({ type: z.literal('space.truncated'), space: z.string(), ...truncation }),
  z.strictObject({ type: z.literal('document.found'), document }),
  z.strictObject({
    type: z.literal('document.done'),
    document,
    elements: count,
    permissions: status,
    losses: z.array(loss),
  }),
  z.strictObject({ type: z.literal('document.access_changed'), document, permissions: status }),
  z.strictObject({ type: z.literal('document.unchanged'), document, permissions: status }),
  z.strictObject({
    type: z.literal('document.removed'),
    document,
    reason: removal,
    message: z.string(),
  }),
  z.strictObject({ type: z.literal('document.held'), document, reason: removal, message: z.string() }),
  z.strictObject({ type: z.literal('document.skipped'), document, rule: z.string() }),
  z.strictObject({ type: z.literal('document.not_permitted'), document, error }),
  z.strictObject({ type: z.literal('document.unsupported'), document, reason: z.string() }),
  z.strictObject({ type: z.literal('document.failed'), document, stage, error }),
  z.strictObject({
    type: z.literal('warning'),
    code: z.string(),
    message: z.string(),
    fix: z.string().exactOptional(),
  }),
  z.strictObject({ type: z.literal('waiting'), seconds, reason: z.string() }),
  z.strictObject({
    type: z.literal('job.finished'),
    outcome: z.enum(['finished', 'finished_with_failures', 'held', 'stopped', 'failed']),
    coverage,
    removed: count,
    held: count,
    requests: count,
    retries: count,
    waited_seconds: seconds,
    seconds,
    truncated: z.record(z.string(), z.strictObject(truncation)),
    permissions: z.record(status, count),
    error: error.exactOptional(),
  }),
])
