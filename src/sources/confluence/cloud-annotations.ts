/**
 * Cloud: labels, restrictions and searches, by the calls of API v1 that have no successor in v2.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import { OutflowError } from '../../model/errors.ts'
import type { Annotation, ConfluenceApi, Restriction } from './api.ts'
import { cursorReader } from './cloud-call.ts'
import { cloudAnnotation, labelNames, restrictionsOf, type WireFound, type WireLabel } from './cloud-wire.ts'
import { cqlOf, quoteCql } from './cql.ts'
import { listPages } from './listing.ts'
import { createPageSize } from './page-size.ts'
import { cloudIdentities, type WireRestriction, wholeRestriction } from './restrictions.ts'
import { bulks, type Seat } from './seat.ts'
import { wholeRestrictionOf } from './whole-restriction.ts'

/** What to ask for; the site gives as many as it likes. */
const mostFound = 250
/** Ids in one CQL query, so that the address stays short. */
const mostIdsInCql = 200
/** Without it, archived pages are not found. */
const withArchived = JSON.stringify({ contentStatuses: ['current', 'archived'] })

const annotationParts = [
  'version',
  'metadata.labels',
  'restrictions.read.restrictions.user',
  'restrictions.read.restrictions.group',
  'restrictions.update.restrictions.user',
  'restrictions.update.restrictions.group',
].join(',')

type AnnotationCalls = Pick<
  ConfluenceApi,
  'count' | 'annotations' | 'annotationsByIds' | 'annotation' | 'idsMatching' | 'restriction'
>

type Options = Parameters<AnnotationCalls['annotations']>[1]

export function createCloudAnnotations(seat: Seat): AnnotationCalls {
  const size = createPageSize(mostFound, mostFound)

  function found(cql: string, name: string, options: Options) {
    const list = {
      path: '/rest/api/content/search',
      query: { cql, expand: 'version', cqlcontext: options.archived ? withArchived : undefined },
      heavy: { expand: annotationParts },
    }
    const read = cursorReader<WireFound, Annotation>(seat, list, cloudAnnotation, options)
    return listPages({ name, read, size, limit: options.limit })
  }

  const restriction: AnnotationCalls['restriction'] = (id, operation, options) =>
    wholeRestrictionOf({ seat, identities: cloudIdentities, id, operation }, options)

  return {
    async count(spaces, types, options) {
      const cql = cqlOf(
        spaces.map(({ key }) => key),
        types,
      )
      const path = `${seat.apiPath}/rest/api/search`
      const { signal } = options
      const { body } = await seat.http.json<{ totalSize?: number }>({
        path,
        query: { cql, limit: 1 },
        signal,
      })
      return body?.totalSize
    },
    annotations(space, options) {
      const cql = `space=${quoteCql(space.key)} and type=page order by created`
      return found(cql, `restrictions and labels of space ${space.key}`, options)
    },
    async annotationsByIds(ids, options) {
      const gathered: Annotation[] = []
      for (const part of bulks(ids, mostIdsInCql)) {
        const cql = `id in (${part.join(',')}) order by created`
        for await (const batch of found(cql, 'restrictions and labels', options)) gathered.push(...batch)
      }
      return gathered
    },
    async annotation(id, type, options) {
      const [labels, { read, update }] = await Promise.all([
        labelsOf(seat, id, type, options),
        bothRestrictions(seat, id, restriction, options),
      ])
      return { id, labels, ...restrictionsOf(read, update) }
    },
    async idsMatching(space, cql, options) {
      const ids = new Set<string>()
      const query = `space=${quoteCql(space.key)} and type in (page,blogpost) and (${cql})`
      const list = { path: '/rest/api/content/search', query: { cql: query } }
      const read = cursorReader<WireFound, { id: string }>(
        seat,
        list,
        ({ id }) => ({ id: String(id) }),
        options,
      )
      for await (const batch of listPages({ name: 'matches of `cql`', read, size }))
        for (const { id } of batch) ids.add(id)
      return ids
    },
    restriction,
  }
}

async function labelsOf(
  seat: Seat,
  id: string,
  type: 'page' | 'blogpost',
  options: CallContext,
): Promise<readonly string[]> {
  const labels: string[] = []
  const read = cursorReader<WireLabel & { id: string }, WireLabel & { id: string }>(
    seat,
    { path: `/api/v2/${type}s/${id}/labels`, query: {} },
    (label) => label,
    options,
  )
  for await (const batch of listPages({
    name: `labels of ${id}`,
    read,
    size: createPageSize(mostFound, mostFound),
  }))
    labels.push(...labelNames(batch))
  return labels
}

/** Both operations by one request; a list that was cut is read on by itself. */
async function bothRestrictions(
  { http, apiPath }: Seat,
  id: string,
  readWhole: AnnotationCalls['restriction'],
  options: CallContext,
): Promise<{ read: Restriction; update: Restriction }> {
  const { body } = await http.json<{ results?: readonly (WireRestriction & { operation?: string })[] }>({
    path: `${apiPath}/rest/api/content/${id}/restriction`,
    query: {
      expand:
        'read.restrictions.user,read.restrictions.group,update.restrictions.user,update.restrictions.group',
    },
    signal: options.signal,
  })
  if (!Array.isArray(body?.results)) throw unreadable(id)
  const of = async (operation: 'read' | 'update') => {
    const wire = body.results?.find((each) => each.operation === operation)
    return wholeRestriction(wire, cloudIdentities) ?? (await readWhole(id, operation, options))
  }
  return { read: await of('read'), update: await of('update') }
}

function unreadable(id: string): OutflowError {
  return new OutflowError({
    kind: 'content',
    code: 'confluence.restriction.unreadable',
    message: `The restrictions of ${id} came in a form that cannot be read.`,
    fix: 'Nobody is let in to that page or what is below it. Look at its restrictions in Confluence, and report this.',
  })
}
