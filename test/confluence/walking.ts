/**
 * The real connector walking a sandbox over HTTP, with everything that came of it.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import type { Content } from '../../src/model/content.ts'
import type { Listed } from '../../src/model/contracts.ts'
import type { Document } from '../../src/model/document.ts'
import { asOutflowError, type OutflowError } from '../../src/model/errors.ts'
import type { RunEvent } from '../../src/model/events.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import confluence from '../../src/sources/confluence/index.ts'

export type Flavour = SandboxOptions['flavour']
type Settings = Partial<Parameters<typeof confluence>[0]>

export interface Walked {
  readonly listed: readonly Listed[]
  readonly documents: readonly Document[]
  readonly events: readonly RunEvent[]
  /** What stopped the walk. */
  readonly error: OutflowError | undefined
  /** Text of each document by its title, where contents were asked for. */
  readonly texts: ReadonlyMap<string, string>
  readonly contents: ReadonlyMap<string, Content>
  /** How many requests had a path, or path and query, like this. */
  requests(like: RegExp): number
}

interface WalkOptions extends SandboxOptions {
  readonly settings?: Settings
  /** Whether each document's content is read too. */
  readonly read?: boolean
  /** Done to the site once it listens, before it is walked. */
  readonly before?: (sandbox: Sandbox) => void
}

export const signIn = ({ url, credentials }: Sandbox, flavour: Flavour) => {
  const { username, api_token, password } = credentials
  return { url, username, ...(flavour === 'cloud' ? { api_token } : { password }) }
}

/** Walks all of a site unless the settings say less. */
export async function walk({ settings, read = false, before, ...options }: WalkOptions): Promise<Walked> {
  const sandbox = await startSandbox(options)
  before?.(sandbox)
  const source = confluence({
    max_num_of_docs_from_each_space: 0,
    ...signIn(sandbox, options.flavour),
    ...settings,
  })
  const { signal } = new AbortController()
  const listed: Listed[] = []
  const events: RunEvent[] = []
  const contents = new Map<string, Content>()
  let error: OutflowError | undefined
  try {
    for await (const item of source.index({ signal, emit: (event) => events.push(event) })) {
      listed.push(item)
      if (!read || item.type !== 'document') continue
      const { document, content } = item
      contents.set(document.title, await (content?.({ signal }) ?? source.download(document, { signal })))
    }
  } catch (thrown) {
    error = asOutflowError(thrown)
  }
  const recorded = sandbox.stats.read().recorded.map(({ path, query }) => {
    const asked = query.map(([name, value]) => `${name}=${value}`)
    return `${path}?${asked.join('&')}`
  })
  const texts = new Map<string, string>()
  for (const [title, content] of contents) texts.set(title, await textOf(content))
  for (const { dispose } of contents.values()) await dispose?.()
  await source.close()
  await sandbox.close()
  return {
    listed,
    events,
    error,
    contents,
    documents: listed.flatMap((item) => (item.type === 'document' ? [item.document] : [])),
    texts,
    requests: (like) => recorded.filter((request) => like.test(request)).length,
  }
}

export async function textOf({ body }: Content): Promise<string> {
  if ('text' in body) return body.text
  if ('file' in body) return readFile(body.file, 'utf8')
  if (!('markup' in body)) throw new Error('It came as bytes.')
  let text = ''
  body.markup({ open: () => undefined, close: () => undefined, text: (more) => (text += more) })
  return text
}

export const titlesOf = (documents: readonly Document[]) => documents.map(({ title }) => title).sort()
