import { describe, expect, it } from 'vitest'
import { sampleWorld } from '../../src/sandbox/sample/sample-world.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
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

interface Case {
  readonly name: string
  readonly site: Omit<SandboxOptions, 'world' | 'keepRequests'> & { readonly flavour: Flavour }
  readonly signIn: (sandbox: Sandbox) => Settings
  /** Routes without which the walk would not have been the one that its name promises. */
  readonly asks: readonly string[]
}

const byApiToken = ({ url, credentials: { username, api_token } }: Sandbox) => ({ url, username, api_token })
const byToken = ({ url, credentials: { token } }: Sandbox) => ({ url, token })
const byGateway = ({ gatewayUrl, world, credentials: { token } }: Sandbox) => ({
  url: `${gatewayUrl}/ex/confluence/${world.cloudId}`,
  token,
})

/** What the connector asked for while it walked the sample site. */
async function requestsOf({ site, signIn }: Case): Promise<readonly RecordedRequest[]> {
  const world = sampleWorld({ flavour: site.flavour })
  const sandbox = await startSandbox({ ...site, world, keepRequests: 100_000 })
  try {
    for (const more of everyWay) {
      const documents = await walk({ ...signIn(sandbox), max_num_of_docs_from_each_space: 0, ...more })
      expect(documents).toBeGreaterThan(0)
    }
    return sandbox.stats.read().recorded
  } finally {
    await sandbox.close()
  }
}

/** One walk for each. */
const everyWay: readonly Partial<Settings>[] = [
  {},
  { body: 'view', spaces: ['RIDERS'] },
  { cql: 'lastmodified >= "2020-01-01"', spaces: ['ENG'] },
  { include_archived: true, labels: ['firmware', 'how-to'] },
]

const cases: readonly Case[] = [
  {
    name: 'Cloud',
    site: { flavour: 'cloud' },
    signIn: byApiToken,
    asks: ['/spaces/:id/pages', '/rest/api/content/search'],
  },
  {
    name: 'Cloud, through the gateway',
    site: { flavour: 'cloud' },
    signIn: byGateway,
    asks: ['/ex/confluence/.*/spaces/:id/pages'],
  },
  {
    name: 'Data Center 10.0',
    site: { flavour: 'data-center', version: '10.0.3', contextPath: '/wiki' },
    signIn: byToken,
    asks: ['/rest/api/content/scan', '/rest/api/space/:key/permissions'],
  },
  {
    name: 'Data Center 8.5, with JSON-RPC',
    site: { flavour: 'data-center', version: '8.5.4' },
    signIn: byToken,
    asks: ['/rest/api/content/scan', '/rpc/json-rpc/confluenceservice-v2'],
  },
  {
    name: 'Data Center 7.17, without scan',
    site: { flavour: 'data-center', version: '7.17.5' },
    signIn: byToken,
    asks: ['/rest/api/space/:key/content/:type'],
  },
]

describe.skipIf(folder === undefined)('a full walk asks only what Atlassian documents', () => {
  it.each(cases)('on $name', async (visit) => {
    const { site, asks } = visit
    const requests = await requestsOf(visit)
    const answered = requests.filter(({ status }) => status === 200).map(({ route = '' }) => route)
    for (const route of asks) expect(answered).toContainEqual(expect.stringMatching(`${route}$`))
    const documents = readDocuments(folder!, site.flavour)
    const { flavour, contextPath = '' } = site
    expect(undocumented({ requests, documents, flavour, contextPath })).toEqual([])
  })
})
