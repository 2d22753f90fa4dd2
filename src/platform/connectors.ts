/**
 * Connectors: set up, kept with their secrets sealed, checked, and opened for jobs.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import type { PluginContext } from '../kit/define.ts'
import { OutflowError } from '../model/errors.ts'
import type { ConnectorRow } from '../store/connectors.ts'
import type { Store } from '../store/index.ts'
import type { Queue } from '../store/queue.ts'
import { during } from './activity.ts'
import { checkOf, probe } from './connection-check.ts'
import { pluginSettings, type ReadConfig, readConfig, type Secrets, shownConfig } from './connector-config.ts'
import type { CalledPlace, ConnectorType } from './connector-types/connector-type.ts'
import { connectorType } from './connector-types.ts'
import type {
  Config,
  Connector,
  ConnectorRole,
  Connectors,
  NewConnector,
  OpenableConnector,
} from './platform.ts'
import { type SecretBox, sealContext } from './secret-box.ts'
import type { UrlGuard } from './url-guard.ts'

export interface ConnectorsOptions {
  readonly store: Pick<Store, 'records' | 'transaction'>
  readonly queue: Pick<Queue, 'send' | 'pending'>
  readonly secrets: Pick<SecretBox, 'seal' | 'open'>
  readonly guard: UrlGuard
  /** Folder that `local` destinations write below. Without it there are none. */
  readonly outputRoot?: string | undefined
  /** For the plugins that a check opens. */
  readonly context?: PluginContext
}

export function createConnectors(options: ConnectorsOptions): Connectors {
  const { store, queue, secrets: box, guard, outputRoot, context = {} } = options
  const { records } = store

  async function found(workspace: string, role: ConnectorRole | undefined, id: string) {
    const row = await records.connectors.find({ workspace, ...(role && { role }) }, id)
    if (!row) throw notFound(role, id)
    return row
  }

  function unsealed({ id, secrets }: ConnectorRow): Secrets {
    return secrets ? (JSON.parse(box.open(secrets, sealContext('connectors', id))) as Secrets) : {}
  }

  function sealed(id: string, secrets: Secrets): { readonly secrets?: Uint8Array } {
    if (Object.keys(secrets).length === 0) return {}
    return { secrets: box.seal(JSON.stringify(secrets), sealContext('connectors', id)) }
  }

  /** What the plugin is opened with on this server. @throws {OutflowError} `config`, with `fields` */
  async function settled(type: ConnectorType, workspace: string, read: ReadConfig): Promise<Config> {
    const settings = await pluginSettings(type, read)
    for (const place of type.calls?.(settings) ?? []) await allow(guard, place)
    return (await type.settle?.(settings, { outputRoot, workspace })) ?? settings
  }

  async function openable(row: ConnectorRow): Promise<OpenableConnector> {
    const type = connectorType(row.role, row.type)
    const settings = await settled(type, row.workspace, { config: row.config, secrets: unsealed(row) })
    return { connector: connectorOf(row), plugin: type.plugin, settings }
  }

  return {
    async list(workspace, role, { type } = {}) {
      return (await records.connectors.list(workspace, role, type)).map(connectorOf)
    },
    async create(workspace, role, given) {
      const type = connectorType(role, given.type)
      refuseUnusable(given)
      const read = await readConfig(type, given.config)
      await settled(type, workspace, read)
      const id = randomUUID()
      const row = await records.connectors.add({
        ...{ id, workspace, role, type: type.name, name: given.name.trim(), config: read.config },
        ...(given.key !== undefined && { key: given.key }),
        ...sealed(id, read.secrets),
      })
      if (!row) throw keyTaken(role, given.key ?? id)
      return connectorOf(row)
    },
    get: async (workspace, role, id) => connectorOf(await found(workspace, role, id)),
    async update(workspace, role, id, config) {
      const before = await found(workspace, role, id)
      const type = connectorType(role, before.type)
      const read = await readConfig(type, config, { config: before.config, secrets: unsealed(before) })
      await settled(type, workspace, read)
      const row = await records.connectors.update(before.id, {
        config: read.config,
        ...sealed(before.id, read.secrets),
      })
      if (!row) throw notFound(role, id)
      return connectorOf(row)
    },
    async delete(workspace, role, id) {
      await store.transaction(async ({ connectors, workflows }) => {
        const row = await connectors.find({ workspace, role }, id, { lock: true })
        if (!row) throw notFound(role, id)
        const users = await workflows.using(workspace, row.id)
        if (users.length > 0)
          throw inUse(
            row,
            users.map(({ name }) => name),
          )
        await connectors.remove(row.id)
      })
    },
    async check(workspace, role, id) {
      const { id: connector } = await found(workspace, role, id)
      return store.transaction(async (within) => {
        const check = await within.connectionChecks.add(randomUUID(), connector)
        await queue.send('check', { check: check.id }, { within })
        return checkOf(check)
      })
    },
    async lastCheck(workspace, role, id) {
      const { id: connector } = await found(workspace, role, id)
      const check = await records.connectionChecks.last(connector)
      if (!check) throw neverChecked(id)
      return checkOf(check)
    },
    async performCheck(checkId, signal) {
      const check = await records.connectionChecks.get(checkId)
      if (!check || check.reportedAt) return
      const row = await records.connectors.byId(check.connector)
      if (!row) return
      const open = async () => ({ openable: await openable(row), secrets: wordsOf(unsealed(row)) })
      const probed = await during({ source: row.id }, () => probe(open, context, signal))
      await records.connectionChecks.report(checkId, probed)
    },
    giveUpCheck: (checkId) =>
      records.connectionChecks.report(checkId, {
        status: 'FAILURE',
        reason:
          'The check was begun several times, and the process that did it ended each time. Its log says why.',
        probes: [],
      }),
    async reviveChecks() {
      for (const check of await records.connectionChecks.unreported())
        if ((await queue.pending('check', { check })).length === 0) await queue.send('check', { check })
    },
    settingsOf: async (workspace, id) => openable(await found(workspace, undefined, id)),
  }
}

function connectorOf({ id, key, role, name, type, config, createdAt, updatedAt }: ConnectorRow): Connector {
  return {
    ...{ id, role, name, type, createdAt },
    config: shownConfig(connectorType(role, type), config),
    ...(key !== undefined && { key }),
    ...(updatedAt && { updatedAt }),
  }
}

/** @throws {OutflowError} `config`, code `url.refused`, with the field that names the address */
async function allow(guard: UrlGuard, place: CalledPlace): Promise<void> {
  try {
    await ('url' in place ? guard.check(place.url) : guard.checkHost(place.host))
  } catch (thrown) {
    if (!(thrown instanceof OutflowError)) throw thrown
    const { kind, code, message, fix } = thrown
    const fields = [{ field: `config.${place.field}`, message }]
    throw new OutflowError({ kind, code, message, fields, ...(fix !== undefined && { fix }) })
  }
}

/** Secrets, and passwords in those that are addresses. */
function wordsOf(secrets: Secrets): readonly string[] {
  return Object.values(secrets).flatMap((secret) => [secret, URL.parse(secret)?.password ?? ''])
}

const keyForm = /^[a-z0-9](?:-?[a-z0-9])*$/
const longestKey = 63
const longestName = 500

/** @throws {OutflowError} `config`, code `settings.invalid` */
function refuseUnusable({ name, key }: NewConnector): void {
  const problems = [
    ...(name.trim() === '' || name.length > longestName
      ? [{ field: 'name', message: `a name has 1 to ${longestName} characters` }]
      : []),
    ...(key === undefined || (keyForm.test(key) && key.length <= longestKey)
      ? []
      : [
          {
            field: 'key',
            message: `a key is lower-case letters, digits and single hyphens, at most ${longestKey}`,
          },
        ]),
  ]
  if (problems.length === 0) return
  throw new OutflowError({
    kind: 'config',
    code: 'settings.invalid',
    message: `The connector cannot be made: ${problems.map(({ field, message }) => `${field}: ${message}`).join('; ')}.`,
    fix: 'Correct the named fields.',
    fields: problems,
  })
}

const nounOf = (role: ConnectorRole | undefined) =>
  role === undefined ? 'Connector' : role === 'source' ? 'Source' : 'Destination'

function notFound(role: ConnectorRole | undefined, id: string): OutflowError {
  return new OutflowError({
    kind: 'missing',
    code: 'connector.not_found',
    message: `${nounOf(role)} ${id} not found`,
    fix: 'List what there is; it may belong to another workspace, or have been deleted.',
  })
}

function keyTaken(role: ConnectorRole, key: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'connector.key_taken',
    message: `Another ${role} of this workspace has the key "${key}".`,
    fix: 'Choose another key, or update the connector that has it.',
    fields: [{ field: 'key', message: 'taken' }],
  })
}

function inUse({ role, name }: ConnectorRow, workflows: readonly string[]): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'connector.in_use',
    message: `The ${role} "${name}" is in use by ${workflows.map((each) => `"${each}"`).join(', ')}.`,
    fix: 'Delete these workflows first, or give them another connector.',
  })
}

function neverChecked(id: string): OutflowError {
  return new OutflowError({
    kind: 'missing',
    code: 'connector.never_checked',
    message: `The connection of ${id} was never checked.`,
    fix: 'Ask for a check first: POST to the same address.',
  })
}
