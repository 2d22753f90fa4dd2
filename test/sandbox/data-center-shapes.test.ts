import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentsFolder, readDocuments } from '../support/openapi.ts'
import { startSmallSite } from '../support/small-site.ts'

const folder = documentsFolder()

interface Schemas {
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: object }>> }
}

/** On everything, though the documents say so of a few things only. */
const everywhere = ['_links', '_expandable']

/** What real servers were seen to answer beyond the documents: `content` and `timestamp` in search results. */
const seenLive: Readonly<Record<string, readonly string[]>> = { SearchResult: ['content', 'timestamp'] }

/** The names of an answer's properties that its schema has in no document. */
function strangeNames(schema: string, answer: object): readonly string[] {
  const documents = readDocuments(folder!, 'data-center') as unknown as readonly Schemas[]
  const known = documents.flatMap(({ components }) =>
    Object.keys(components.schemas[schema]?.properties ?? {}),
  )
  expect(known.length).toBeGreaterThan(0)
  const allowed = [...known, ...everywhere, ...(seenLive[schema] ?? [])]
  return Object.keys(answer).filter((name) => !allowed.includes(name))
}

describe.skipIf(folder === undefined)('answers of the sandbox’s Data Center', () => {
  let site: Awaited<ReturnType<typeof startSmallSite>>
  beforeAll(async () => {
    site = await startSmallSite()
  })
  afterAll(() => site.close())

  const expandAll =
    'ancestors,body.storage,children.attachment,container,history.lastUpdated,metadata.labels,restrictions.read,space,version,relevantViewRestrictions'

  it('have no property that Atlassian’s schemas do not have', async () => {
    const page = await site.get(`/rest/api/content/${site.home.id}?expand=${expandAll}`)
    expect(strangeNames('Content', page)).toEqual([])
    expect(strangeNames('History', page.history)).toEqual([])
    expect(strangeNames('Version', page.version)).toEqual([])
    expect(strangeNames('ContentBody', page.body.storage)).toEqual([])
    expect(strangeNames('Label', page.metadata.labels.results[0])).toEqual([])
    expect(strangeNames('OperationRestriction', page.restrictions.read)).toEqual([])
    expect(strangeNames('RelevantViewRestrictions', page.relevantViewRestrictions)).toEqual([])
    expect(strangeNames('Content', page.children.attachment.results[0])).toEqual([])
    expect(strangeNames('Space', await site.get('/rest/api/space/HR?expand=description,homepage'))).toEqual(
      [],
    )
    expect(strangeNames('ServerInformation', await site.get('/rest/api/server-information'))).toEqual([])
    const { results } = await site.get('/rest/api/search?cql=type=page')
    expect(strangeNames('SearchResult', results[0])).toEqual([])
    const problem = (await (await site.fetch('/rest/api/content/1')).json()) as object
    expect(strangeNames('RestError', problem)).toEqual([])
  })
})
