/**
 * Flags for what is done to documents between source and destination: `--partition-…`, `--chunking-strategy` and `--chunk-…`, named as the
 * reference's command line names them.
 *
 * @module
 */

import { type Command, Option } from 'commander'
import { z } from 'zod'
import type { Settings } from '../kit/define.ts'
import { OutflowError } from '../model/errors.ts'
import type { PluginConfig, SettingValues } from '../platform/workflow.ts'
import { loadPlugin } from '../registry.ts'
import { addFlags, givenFlags } from './flags.ts'

const chunkers = ['basic', 'by_title', 'by_page', 'by_similarity'] as const
type Chunker = (typeof chunkers)[number]

type Options = Readonly<Record<string, unknown>>

/** What the flags say of the steps of a workflow. */
interface ChosenSteps {
  /** With the chunker that was asked for, instead of another one. */
  readonly steps: readonly PluginConfig[]
  /** Settings by type of step, for `openSteps`. */
  readonly overrides: Readonly<Record<string, SettingValues>>
}

/**
 * Adds the flags.
 *
 * @returns what they say of these steps; it throws a `config` error, code `cli.no_chunker`, when flags for chunks have no chunker to go to
 */
export async function addStepFlags(
  command: Command,
): Promise<(steps: readonly PluginConfig[], options: Options) => ChosenSteps> {
  const { settings: partition } = (await loadPlugin('step', 'auto')).definition
  const chunk = await chunkSettings()
  addFlags(command, 'Partitioning', partition, 'partition')
  command.addOption(
    new Option('--chunking-strategy <name>', 'make chunks of the elements, for embedding')
      .choices(chunkers)
      .helpGroup('Chunking:'),
  )
  addFlags(command, 'Chunking', anyOf(chunk), 'chunk')

  return (given, options) => {
    const steps = withChunker(given, options.chunkingStrategy as Chunker | undefined)
    const chunker = steps.map(({ type }) => type).find(isChunker)
    const flags = givenFlags(anyOf(chunk), options, 'chunk')
    refuseIdle(flags, chunker && chunk[chunker], chunker)
    return {
      steps,
      overrides: {
        auto: givenFlags(partition, options, 'partition'),
        ...(chunker && { [chunker]: flags }),
      },
    }
  }
}

const isChunker = (type: string): type is Chunker => (chunkers as readonly string[]).includes(type)

/** A chunker stands behind whatever looks at elements, and before whatever looks at chunks. */
function withChunker(steps: readonly PluginConfig[], chosen: Chunker | undefined): readonly PluginConfig[] {
  if (chosen === undefined) return steps
  const place = steps.findIndex(({ type }) => isChunker(type))
  return place < 0 ? [...steps, { type: chosen }] : steps.with(place, { type: chosen })
}

async function chunkSettings(): Promise<Readonly<Record<Chunker, Settings>>> {
  const settingsOf = async (name: Chunker): Promise<Settings> =>
    (await loadPlugin('step', name)).definition.settings
  return {
    basic: await settingsOf('basic'),
    by_title: await settingsOf('by_title'),
    by_page: await settingsOf('by_page'),
    by_similarity: await settingsOf('by_similarity'),
  }
}

/** All their settings; one of the same name means the same. */
const anyOf = (schemas: Readonly<Record<Chunker, Settings>>): Settings =>
  z.object(Object.assign({}, ...Object.values(schemas).map(({ shape }) => shape)))

/** Flags that nothing listens to would be worse than none. */
function refuseIdle(flags: SettingValues, schema: Settings | undefined, chunker: Chunker | undefined): void {
  const idle = Object.keys(flags).filter((name) => !schema || !(name in schema.shape))
  if (idle.length === 0) return
  const names = idle.map((name) => `--chunk-${name.replaceAll('_', '-')}`).join(', ')
  throw new OutflowError({
    kind: 'config',
    code: 'cli.no_chunker',
    message: chunker
      ? `The chunker ${chunker} has nothing to do with ${names}.`
      : `There is no chunker that ${names} could be for.`,
    fix: chunker
      ? `Leave it out, or choose another --chunking-strategy: ${chunkers.join(', ')}.`
      : `Add --chunking-strategy with one of ${chunkers.join(', ')}, or leave it out.`,
  })
}
