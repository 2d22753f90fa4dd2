/**
 * Writes what docs/ says of settings and events from their declarations. `--check` writes nothing and fails when a file is stale.
 *
 * @module
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Settings } from '../src/kit/define.ts'
import { defaultText, describeSettings, type SettingDescription } from '../src/kit/settings.ts'
import { runEventSchema } from '../src/model/event-schema.ts'
import { loadPlugin } from '../src/registry.ts'

const docs = join(import.meta.dirname, '..', 'docs')

function settingsPage(title: string, about: string, schema: Settings): string {
  const rows = describeSettings(schema).map(
    (each) =>
      `| \`${each.name}\` | ${each.env ? `\`${each.env}\`` : ''} | ${fallback(each)} | ${meaning(each)} |`,
  )
  return [
    `# ${title}`,
    '',
    '<!-- Made by scripts/generate-docs.ts from the schema; do not edit. -->',
    '',
    about,
    '',
    '| Setting | Environment | Default | Meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function fallback(setting: SettingDescription): string {
  const text = defaultText(setting)
  return text === undefined ? '' : `\`${text}\``
}

function meaning({ description, choices, secret, example }: SettingDescription): string {
  const notes = [
    ...(choices ? [`One of ${choices.map((choice) => `\`${choice}\``).join(', ')}.`] : []),
    ...(secret ? ['Secret: also as `env:NAME` or `file:PATH`.'] : []),
    ...(example ? [`Example: \`${example}\`.`] : []),
  ]
  return [description, ...notes].join(' ').replaceAll('|', '\\|')
}

const flagsNote =
  'Each setting is a key in a workflow file and in code; its flag is the same name with dashes (`--max-num-of-spaces`; yes/no settings also as `--no-…`).'

async function pages(): Promise<Readonly<Record<string, string>>> {
  const confluence = (await loadPlugin('source', 'confluence')).definition
  const html = (await loadPlugin('step', 'html')).definition
  const files = (await loadPlugin('destination', 'files')).definition
  const postgres = (await loadPlugin('destination', 'postgres')).definition
  return {
    'confluence/settings.md': settingsPage(
      'Settings of the Confluence source',
      flagsNote,
      confluence.settings,
    ),
    'steps.md': settingsPage(
      'Settings of the HTML partitioner',
      'The step `html`, in workflow files and in code; [partitioning](partitioning.md) tells what the modes do.',
      html.settings,
    ),
    'destinations.md': settingsPage(
      'Settings of the files destination',
      'The destination `files`: a folder with one file a document.',
      files.settings,
    ),
    'destinations/postgres-settings.md': settingsPage(
      'Settings of the PostgreSQL destination',
      'The destination `postgres`: rows of a table; [PostgreSQL](postgres.md) tells which.',
      postgres.settings,
    ),
    'events.schema.json': `${JSON.stringify(z.toJSONSchema(runEventSchema), null, 2)}\n`,
  }
}

const read = (path: string) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const stale = Object.entries(await pages()).filter(([name, content]) => read(join(docs, name)) !== content)
if (process.argv.includes('--check')) {
  for (const [name] of stale) console.error(`docs/${name} is stale: run node scripts/generate-docs.ts`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const [name, content] of stale) writeFileSync(join(docs, name), content)
  console.log(`docs: ${stale.length} files written`)
}
