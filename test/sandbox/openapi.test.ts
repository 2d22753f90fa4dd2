import { describe, expect, it } from 'vitest'
import { sampleWorld } from '../../src/sandbox/sample/sample-world.ts'
import { type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import type { RecordedRequest } from '../../src/sandbox/stats.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { documentsFolder, type Flavour, readDocuments, undocumented } from '../support/openapi.ts'

type Settings = Parameters<typeof confluence>[0]

const folder = documentsFolder()
const signal = new AbortController().signal

/** Every probe, every document with its content, and each content once more by a request of its own. */
async function walk(settings: Settings): Promise<number> {
  const source = confluence(settings)
  try {
    for (const probe of source.checks()) await probe.run({ signal })
    let documents = 0
    for await (const listed of source.index({ signal, emit: () => undefined })) {
      if (listed.type !== 'document') continue
      documents += 1
      await listed.content?.({ signal })
      await source.download(listed.document, { signal })
    }
    return documents
  } finally {
    await source.close()
  }
}

interface Visit {
  readonly site: Omit<SandboxOptions, 'world' | 'keepRequests'> & { readonly flavour: Flavour }
  /** One walk for each. */
  readonly settings: readonly Partial<Settings>[]
}

/** What the connector asked for while it walked the sample site. */
async function requestsOf({ site, settings }: Visit): Promise<readonly RecordedRequest[]> {
  const world = sampleWorld({ flavour: site.flavour })
  const sandbox = await startSandbox({ ...site, world, keepRequests: 100_000 })
  try {
    const { username, api_token, token } = sandbox.credentials
    const credentials = site.flavour === 'cloud' ? { username, api_token } : { token }
    const { url } = sandbox
    for (const more of settings) {
      const documents = await walk({ url, ...credentials, max_num_of_docs_from_each_space: 0, ...more })
      expect(documents).toBeGreaterThan(0)
    }
    return sandbox.stats.read().recorded
  } finally {
    await sandbox.close()
  }
}

const everyWay: readonly Partial<Settings>[] = [
  {},
  { body: 'view', spaces: ['RIDERS'] },
  { cql: 'lastmodified >= "2020-01-01"', spaces: ['ENG'] },
  { include_archived: true, labels: ['firmware', 'how-to'] },
]

interface Case {
  readonly name: string
  readonly site: Visit['site']
  /** Routes without which the walk would not have been the one that its name promises. */
  readonly asks: readonly string[]
}

const cases: readonly Case[] = [
  { name: 'Cloud', site: { flavour: 'cloud' }, asks: ['/spaces/:id/pages', '/rest/api/content/search'] },
  {
    name: 'Data Center 10.0',
    site: { flavour: 'data-center', version: '10.0.3', contextPath: '/wiki' },
    asks: ['/rest/api/content/scan', '/rest/api/space/:key/permissions'],
  },
  {
    name: 'Data Center 8.5, with JSON-RPC',
    site: { flavour: 'data-center', version: '8.5.4' },
    asks: ['/rest/api/content/scan', '/rpc/json-rpc/confluenceservice-v2'],
  },
  {
    name: 'Data Center 7.17, without scan',
    site: { flavour: 'data-center', version: '7.17.5' },
    asks: ['/rest/api/space/:key/content/:type'],
  },
]

describe.skipIf(folder === undefined)('a full walk asks only what Atlassian documents', () => {
  it.each(cases)('on $name', async ({ site, asks }) => {
    const requests = await requestsOf({ site, settings: everyWay })
    const answered = requests.filter(({ status }) => status === 200).map(({ route = '' }) => route)
    for (const route of asks) expect(answered).toContainEqual(expect.stringMatching(`${route}$`))
    const documents = readDocuments(folder!, site.flavour)
    const { flavour, contextPath = '' } = site
    expect(undocumented({ requests, documents, flavour, contextPath })).toEqual([])
  })
})
