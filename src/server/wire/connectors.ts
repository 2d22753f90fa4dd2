/**
 * Sources and destinations on the wire.
 *
 * @module
 */

import { z } from 'zod'
import type { ConnectionCheck, Connector } from '../../platform/platform.ts'
import { given } from './lenient.ts'

const config = z.record(z.string(), z.unknown())

export const Key = z
  .string()
  .regex(/^[a-z0-9](-?[a-z0-9])*$/)
  .min(1)
  .max(63)
  .meta({ description: 'A name of your own that stays, in place of the id.' })

export const CreateConnector = z
  .object({
    name: z.string().min(1),
    type: z.string().meta({ description: 'One of those at /api/v1/connector-types.' }),
    config: config.meta({ description: 'The settings that /api/v1/connector-types/{name} describes.' }),
    key: Key.nullish(),
  })
  .meta({ id: 'CreateConnector' })

export const UpdateConnector = z
  .object({
    config: config.meta({
      description: 'All settings, not some. A secret that is sent as ten asterisks stays as it is.',
    }),
  })
  .meta({ id: 'UpdateConnector' })

export const ConnectorInformation = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    config: config.meta({ description: 'With defaults filled in; every secret is ten asterisks.' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime().optional(),
    key: z.string().optional(),
  })
  .meta({ id: 'ConnectorInformation' })

const Probe = z.object({
  name: z.string(),
  title: z.string(),
  required: z.boolean(),
  verdict: z.enum(['passed', 'failed', 'unclear', 'skipped']),
  message: z.string(),
  meaning: z.string().optional(),
  remedy: z.string().optional(),
  who: z.string().optional(),
})

export const ConnectionCheckInformation = z
  .object({
    id: z.string(),
    status: z.enum(['SCHEDULED', 'SUCCESS', 'FAILURE']),
    created_at: z.iso.datetime(),
    reason: z.string().optional().meta({ description: 'Why it failed, and what to do.' }),
    reported_at: z.iso.datetime().optional(),
    probes: z.array(Probe).optional().meta({ description: 'What was tried, each with its verdict.' }),
  })
  .meta({ id: 'DagNodeConnectionCheck' })

export const Deleted = z.object({ detail: z.string() }).meta({ id: 'Deleted' })

export function connectorToWire(connector: Connector): z.output<typeof ConnectorInformation> {
  return {
    id: connector.id,
    name: connector.name,
    type: connector.type,
    config: connector.config,
    created_at: connector.createdAt.toISOString(),
    ...given({ updated_at: connector.updatedAt?.toISOString(), key: connector.key }),
  }
}

export function checkToWire(check: ConnectionCheck): z.output<typeof ConnectionCheckInformation> {
  return {
    id: check.id,
    status: check.status,
    created_at: check.createdAt.toISOString(),
    ...given({
      reason: check.reason,
      reported_at: check.reportedAt?.toISOString(),
      probes: check.probes?.map((probe) => ({ ...probe })),
    }),
  }
}
