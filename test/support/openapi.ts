/**
 * Whether Atlassian documents what was asked of a sandbox: every route and every query parameter of recorded requests is looked up in
 * OpenAPI documents. The documents themselves are not part of this repository; where they are missing, tests skip and say so.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { RecordedRequest } from '../../src/sandbox/stats.ts'

export type Flavour = 'cloud' | 'data-center'

interface Parameter {
  readonly name?: string
  readonly in?: string
  readonly $ref?: string
}

type PathItem = Readonly<Record<string, { readonly parameters?: readonly Parameter[] } | undefined>>

/** The part of an OpenAPI document that counts here. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, PathItem>>
  readonly servers?: readonly { readonly url: string }[]
  readonly components?: { readonly parameters?: Readonly<Record<string, Parameter>> }
}

/** What is asked on purpose though no document knows it. Methods and paths as `METHOD /path`, `*` for one segment. */
const allowed: Readonly<Record<Flavour, Readonly<Record<string, string>>>> = {
  cloud: {
    'GET /_edge/tenant_info': 'The only way to the cloud id without OAuth; Atlassian’s own tools use it.',
  },
  'data-center': {
    'GET /_edge/tenant_info': 'Asked of an unknown site: that it is not there says that this is no Cloud.',
    'POST /rpc/json-rpc/confluenceservice-v2':
      'Space permissions below 9.1; older than the OpenAPI documents.',
    'GET /rest/applinks/1.0/manifest':
      'Version and context path without signing in; of the application links plug-in.',
    'GET /download/attachments/*/*':
      'Files have no REST resource on Data Center: `_links.download` leads here.',
  },
}

/** Where the documents lie: beside the repository. Undefined, and a word on the console, when they are not there. */
export function documentsFolder(): string | undefined {
  const folder = resolve(import.meta.dirname, '../../../shared/specs')
  if (existsSync(folder)) return folder
  console.warn(`Skipped: Atlassian's OpenAPI documents are not at ${folder}.`)
  return undefined
}

/** All documents of one flavour: Cloud has one for each generation of its API, Data Center one for each release. */
export function readDocuments(folder: string, flavour: Flavour): readonly ApiDocument[] {
  const prefix = flavour === 'cloud' ? 'cloud-' : 'dc-'
  const files = readdirSync(folder).filter((file) => file.startsWith(prefix) && file.endsWith('.json'))
  return files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as ApiDocument)
}

export interface Undocumented {
  readonly requests: readonly RecordedRequest[]
  readonly documents: readonly ApiDocument[]
  readonly flavour: Flavour
  /** Data Center's; the documents do not have it. Default none. */
  readonly contextPath?: string
}

/** Every route, and every query parameter of a known route, that no document knows; each once, as a sentence. */
export function undocumented({
  requests,
  documents,
  flavour,
  contextPath = '',
}: Undocumented): readonly string[] {
  const operations = documents.flatMap(operationsOf)
  const toMedia = ({ origin }: RecordedRequest) => origin === 'media'
  const strangers = requests
    .filter((request) => !toMedia(request))
    .flatMap((request) => {
      const path = plainPath(request.path, flavour, contextPath)
      if (isAllowed(flavour, request.method, path)) return []
      const operation = findOperation(operations, request.method, path)
      if (operation === undefined) return [`${request.method} ${path} is in no document`]
      return request.query
        .filter(([name]) => !operation.query.has(name))
        .map(([name]) => `${request.method} ${operation.path}: the parameter "${name}" is in no document`)
    })
  return [...new Set(strangers)].sort()
}

/** As the documents write it: without the gateway's prefix, without Data Center's context path. */
function plainPath(path: string, flavour: Flavour, contextPath: string): string {
  if (flavour === 'cloud') return path.replace(/^\/ex\/confluence\/[^/]+/, '')
  return path.startsWith(`${contextPath}/`) ? path.slice(contextPath.length) : path
}

function isAllowed(flavour: Flavour, method: string, path: string): boolean {
  const wanted = segmentsOf(path)
  return Object.keys(allowed[flavour]).some((entry) => {
    const [allowedMethod, allowedPath = ''] = entry.split(' ')
    return method === allowedMethod && matches(segmentsOf(allowedPath), wanted)
  })
}

interface Operation {
  readonly method: string
  readonly path: string
  readonly segments: readonly string[]
  readonly query: ReadonlySet<string>
}

function operationsOf(document: ApiDocument): readonly Operation[] {
  const base = basePathOf(document)
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: `${base}${path}`,
      segments: segmentsOf(`${base}${path}`),
      query: queryOf(document, operation?.parameters ?? []),
    })),
  )
}

/** Only Cloud's v2 has a base path of its own; Data Center's is a made-up context path. */
function basePathOf({ servers, paths }: ApiDocument): string {
  if (Object.keys(paths).some((path) => path.includes('/rest/api/'))) return ''
  return /^(?:https?:)?\/\/[^/]+(\/.*)?$/.exec(servers?.[0]?.url ?? '')?.[1] ?? ''
}

function queryOf(document: ApiDocument, parameters: readonly Parameter[]): ReadonlySet<string> {
  const resolved = parameters.map((parameter) => {
    const name = parameter.$ref?.split('/').at(-1)
    return name === undefined ? parameter : (document.components?.parameters?.[name] ?? {})
  })
  return new Set(resolved.filter((one) => one.in === 'query').map((one) => one.name ?? ''))
}

/** The operation whose path fits, that with most fixed segments first: `content/scan` before `content/{id}`. */
function findOperation(
  operations: readonly Operation[],
  method: string,
  path: string,
): Operation | undefined {
  const wanted = segmentsOf(path)
  const fitting = operations.filter((one) => one.method === method && matches(one.segments, wanted))
  const best = fitting.toSorted((a, b) => fixedOf(b) - fixedOf(a))[0]
  if (best === undefined) return undefined
  const same = fitting.filter((one) => fixedOf(one) === fixedOf(best))
  return { ...best, query: new Set(same.flatMap(({ query }) => [...query])) }
}

const fixedOf = ({ segments }: Operation) => segments.filter((segment) => segment !== '*').length

/** `{id}` becomes `*`. */
const segmentsOf = (path: string) =>
  path.split('/').map((segment) => (/^\{.*\}$/.test(segment) ? '*' : segment))

const matches = (pattern: readonly string[], path: readonly string[]) =>
  pattern.length === path.length &&
  pattern.every((segment, index) => segment === '*' || segment === path[index])
