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
import { loadPlugin, pluginNames } from '../src/registry.ts'
import { known } from '../test/conformance/known.ts'

const docs = join(import.meta.dirname, '..', 'docs')

const note = '<!-- Made by scripts/generate-docs.ts from the schema; do not edit. -->'

const settingsPage = (title: string, about: string, schema: Settings): string =>
  [`# ${title}`, '', note, '', about, '', ...settingsTable(schema), ''].join('\n')

function settingsTable(schema: Settings): readonly string[] {
  const rows = describeSettings(schema).map(
    (each) =>
      `| \`${each.name}\` | ${each.env ? `\`${each.env}\`` : ''} | ${fallback(each)} | ${meaning(each)} |`,
  )
  return ['| Setting | Environment | Default | Meaning |', '|---|---|---|---|', ...rows]
}

/** All steps of a workflow, in the order in which they may stand. */
async function stepsPage(): Promise<string> {
  const sections: string[] = []
  for (const name of pluginNames('step')) {
    const { title, settings }: { title: string; settings: Settings } = (await loadPlugin('step', name))
      .definition
    const table = Object.keys(settings.shape).length > 0 ? settingsTable(settings) : ['It has no settings.']
    sections.push(`## \`${name}\`: ${title}`, '', ...table, '')
  }
  const about =
    'Steps stand in the list `steps` of a workflow file, each with its `type` and settings, in the order of this page; without a list, there is `auto` alone. [Files](files.md), [partitioning](partitioning.md) and [chunking](chunking.md) tell what they do.'
  return ['# Steps and their settings', '', note, '', about, '', ...sections].join('\n')
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

/** Where compat mode differs from the reference, by suite. */
function conformancePage(): string {
  const rows = known.map(
    ({ suite, name, reason }) => `| \`${suite}\` | \`${name.replaceAll('|', '\\|')}\` | ${reason} |`,
  )
  return [
    '# How close compat is to the reference',
    '',
    '<!-- Made by scripts/generate-docs.ts from test/conformance; do not edit. -->',
    '',
    'Compat mode is compared with recordings of Unstructured 0.27: documents with what became of them, and calls of its own tests. Types, texts, ids, parents, tables, links, emphasis and page numbers have to be equal. `npm run conformance -- --oracle DIR` prints each unequal case with its first difference, and counts in its last line; the same suites run as a test.',
    '',
    'Whether a text is a title, prose or neither was recorded with a stand-in for the language model, so these three labels are not told apart where the recording says so. Of PDFs (`fast`) the words (F1 of at least 0.97 a document) and the share of texts that are equal are compared.',
    '',
    'These cases differ, and no others may. A case is named by what its name holds.',
    '',
    '| Suite | Case | Why |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

async function pages(): Promise<Readonly<Record<string, string>>> {
  const confluence = (await loadPlugin('source', 'confluence')).definition
  const local = (await loadPlugin('source', 'local')).definition
  const files = (await loadPlugin('destination', 'files')).definition
  const postgres = (await loadPlugin('destination', 'postgres')).definition
  return {
    'confluence/settings.md': settingsPage(
      'Settings of the Confluence source',
      flagsNote,
      confluence.settings,
    ),
    'local.md': settingsPage(
      'Settings of the folder source',
      'The source `local` reads the files of a folder: `npx outflow run local --path ./documents`. Its settings say who may read them; see [files](files.md) for what becomes of each.',
      local.settings,
    ),
    'conformance.md': conformancePage(),
    'steps.md': await stepsPage(),
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
