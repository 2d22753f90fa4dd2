import { describe, expect, it } from 'vitest'
import type { RecordedRequest } from '../../src/sandbox/stats.ts'
import { type ApiDocument, documentsFolder, type Flavour, readDocuments, undocumented } from './openapi.ts'

function request(line: string, origin = 'site'): RecordedRequest {
  const [method = '', url = ''] = line.split(' ')
  const [path = '', search] = url.split('?')
  return { method, path, query: [...new URLSearchParams(search)], status: 200, bytes: 0, origin }
}

const parameter = (name: string, place = 'query') => ({ name, in: place })

const dataCenter: ApiDocument = {
  servers: [{ url: 'http://{baseurl}/confluence' }],
  paths: {
    '/rest/api/content/scan': { get: { parameters: [parameter('cursor')] } },
    '/rest/api/content/{id}': { get: { parameters: [parameter('id', 'path'), parameter('expand')] } },
  },
}

const cloud: ApiDocument = {
  servers: [{ url: 'https://{your-domain}/wiki/api/v2' }],
  paths: { '/pages': { get: { parameters: [{ $ref: '#/components/parameters/Limit' }] }, post: {} } },
  components: { parameters: { Limit: parameter('limit') } },
}

const strangers = (flavour: Flavour, lines: readonly string[]) =>
  undocumented({
    requests: lines.map((line) => request(line)),
    documents: [flavour === 'cloud' ? cloud : dataCenter],
    flavour,
    contextPath: '/docs',
  })

describe('what Atlassian does not document', () => {
  it('is a route that is in no document, or that has another method', () => {
    expect(strangers('data-center', ['GET /docs/rest/api/content/1', 'GET /docs/rest/api/secret'])).toEqual([
      'GET /rest/api/secret is in no document',
    ])
    expect(strangers('cloud', ['POST /wiki/api/v2/pages', 'DELETE /wiki/api/v2/pages'])).toEqual([
      'DELETE /wiki/api/v2/pages is in no document',
    ])
  })

  it('is a query parameter that its own route does not have, named once', () => {
    const scan = 'GET /docs/rest/api/content/scan?cursor=1&expand=body'
    expect(strangers('data-center', [scan, scan, 'GET /docs/rest/api/content/7?expand=body'])).toEqual([
      'GET /rest/api/content/scan: the parameter "expand" is in no document',
    ])
    expect(strangers('data-center', ['GET /docs/rest/api/content/7?id=7'])).toHaveLength(1)
  })

  it('is the same through the gateway', () => {
    const gateway = '/ex/confluence/1-2-3/wiki/api/v2/pages'
    expect(strangers('cloud', [`GET ${gateway}?limit=1`])).toEqual([])
    expect(strangers('cloud', [`GET ${gateway}?start=1`])).toHaveLength(1)
  })

  it('leaves out what is asked on purpose, and what media hosts are asked', () => {
    expect(strangers('cloud', ['GET /_edge/tenant_info'])).toEqual([])
    expect(strangers('cloud', ['GET /rest/applinks/1.0/manifest'])).toHaveLength(1)
    expect(strangers('data-center', ['GET /docs/download/attachments/1/a.png?version=1'])).toEqual([])
    const file = request('GET /file/1/binary?token=x', 'media')
    expect(undocumented({ requests: [file], documents: [], flavour: 'cloud' })).toEqual([])
  })
})

const folder = documentsFolder()

describe.skipIf(folder === undefined)('Atlassian’s own documents', () => {
  const judge = (flavour: Flavour, lines: readonly string[]) =>
    undocumented({
      requests: lines.map((line) => request(line)),
      documents: readDocuments(folder!, flavour),
      flavour,
    })

  it('know both generations of Cloud, and not what was removed from it', () => {
    const known = [
      'GET /wiki/api/v2/spaces/1/pages?depth=all&body-format=storage&limit=250&cursor=x',
      'GET /wiki/rest/api/content/search?cql=type=page&expand=body.storage&cursor=x&limit=1',
    ]
    expect(judge('cloud', known)).toEqual([])
    expect(judge('cloud', ['GET /wiki/rest/api/content?spaceKey=HR'])).toHaveLength(1)
  })

  it('know Data Center, and not a restriction resource that only Cloud has', () => {
    const known = [
      'GET /rest/api/content/scan?spaceKey=HR&type=page&cursor=x&limit=50&expand=body.storage',
      'GET /rest/api/space/HR/permissions',
      'GET /rest/api/group/board%2Fall/member?start=0&limit=200',
    ]
    expect(judge('data-center', known)).toEqual([])
    expect(judge('data-center', ['GET /rest/api/content/1/restriction'])).toHaveLength(1)
  })
})
