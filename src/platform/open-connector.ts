/**
 * Connectors, opened: the plugin with the settings that were stored for it, and nothing of this server's own environment.
 *
 * @module
 */

import type { PluginContext, PluginFactory, Settings } from '../kit/define.ts'
import type { Probe, ProbeResult } from '../model/checks.ts'
import type { Destination, Source } from '../model/contracts.ts'
import { type ErrorReport, reportError } from '../model/errors.ts'
import { loadPlugin } from '../registry.ts'
import type { OpenableConnector } from './platform.ts'

/** Nothing is connected yet. @throws {OutflowError} kind `config` */
export async function openSourceOf(
  { plugin, settings }: OpenableConnector,
  context: PluginContext,
): Promise<Source> {
  const factory: PluginFactory<Settings, Source> = await loadPlugin('source', plugin)
  return factory(settings, context)
}

/** Nothing is connected yet. @throws {OutflowError} kind `config` */
export async function openDestinationOf(
  { plugin, settings }: OpenableConnector,
  context: PluginContext,
): Promise<Destination> {
  const factory: PluginFactory<Settings, Destination> = await loadPlugin('destination', plugin)
  return factory(settings, context)
}

/** Something that can be checked, and has to be closed afterwards. */
export interface Checkable {
  readonly probes: readonly Probe[]
  close(): Promise<void>
}

/** @throws {OutflowError} kind `config` */
export async function openForCheck(openable: OpenableConnector, context: PluginContext): Promise<Checkable> {
  if (openable.connector.role === 'source') {
    const source = await openSourceOf(openable, context)
    return { probes: source.checks(), close: () => source.close() }
  }
  const destination = await openDestinationOf(openable, context)
  return { probes: [probeOf(destination)], close: () => destination.close() }
}

/** A destination proves itself when it is opened. */
function probeOf(destination: Destination): Probe {
  return {
    name: 'open',
    title: 'Connect and write',
    required: true,
    async run(context): Promise<ProbeResult> {
      try {
        await destination.open(context)
        return { verdict: 'passed', message: 'It can be written to.' }
      } catch (thrown) {
        context.signal.throwIfAborted()
        return verdictOn(reportError(thrown))
      }
    },
  }
}

function verdictOn({ kind, message, fix }: ErrorReport): ProbeResult {
  if (kind === 'transient' || kind === 'throttled') return { verdict: 'unclear', message }
  return {
    verdict: 'failed',
    message,
    meaning: 'No document would arrive.',
    remedy: fix ?? 'Correct the settings of the destination.',
    who: 'whoever runs the destination',
    kind,
  }
}
