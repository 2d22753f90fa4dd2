import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import files from '../../src/destinations/files.ts'
import type { Element } from '../../src/model/element.ts'
import type { DocumentPermissions } from '../../src/model/permissions.ts'
import { keepsTheContract, type Subject } from './contract.ts'

/** The files destination on a folder of its own, read back as anybody would read it. */
async function filesSubject(format: 'json' | 'ndjson'): Promise<Subject> {
  const output_dir = await mkdtemp(join(tmpdir(), 'outflow-contract-'))
  return {
    destination: files({ output_dir, format }),
    async held({ receipt }) {
      const text = await readFile(join(output_dir, receipt), 'utf8').catch(() => undefined)
      if (text === undefined) return undefined
      const stored = format === 'json' ? (JSON.parse(text) as Element[]) : linesOf(text)
      const elements = stored.map(({ element_id, type, text: own }) => ({ element_id, type, text: own }))
      return { elements, permissions: permissionsIn(stored), rest: stored.map(withoutPermissions) }
    },
    takeOut: ({ receipt }) => rm(join(output_dir, receipt)),
    dispose: () => rm(output_dir, { recursive: true }),
  }
}

const linesOf = (text: string) =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Element]))

function permissionsIn([first]: readonly Element[]): DocumentPermissions | undefined {
  const source = first?.metadata.data_source
  if (!source) return undefined
  const { permissions_data, permissions_status, permissions_reason, permissions_rules } = source
  return {
    data: permissions_data!,
    status: permissions_status!,
    ...(permissions_reason !== undefined && { reason: permissions_reason }),
    rules: permissions_rules!,
  }
}

function withoutPermissions({ metadata, ...element }: Element): unknown {
  const source = Object.entries(metadata.data_source ?? {}).filter(
    ([name]) => !name.startsWith('permissions_'),
  )
  return { ...element, metadata: { ...metadata, data_source: Object.fromEntries(source) } }
}

keepsTheContract('files (json)', () => filesSubject('json'))
keepsTheContract('files (ndjson)', () => filesSubject('ndjson'))
