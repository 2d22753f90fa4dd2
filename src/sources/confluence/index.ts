/**
 * The Confluence connector: pages and blog posts of Cloud and Data Center, with who may read, update and delete them.
 *
 * @module
 */

import { defineSource, type PluginContext } from '../../kit/define.ts'
import type { Source } from '../../model/contracts.ts'
import type { RunEvent } from '../../model/events.ts'
import { untilAborted } from '../../util/until-aborted.ts'
import type { ConfluenceApi } from './api.ts'
import { browse, identities } from './browse.ts'
import { checks } from './checks.ts'
import { createCloud } from './cloud.ts'
import { type ConfluenceSettings, settings } from './config.ts'
import { type Connection, connect, reach, sum, unspent } from './connect.ts'
import { createDataCenter } from './data-center.ts'
import { shapeGuarded } from './misshapen.ts'
import { revisit } from './revisit.ts'
import { fetchDocument, locateDocument, unpackDocument } from './single.ts'
import { walkSite } from './site-walk.ts'
import { createSurvey } from './survey.ts'
import { createWiki, type Wiki } from './wiki.ts'

/** `confluence({url, username, api_token})`; opens nothing before the first call. */
const confluence = defineSource({ name: 'confluence', title: 'Confluence', settings, create: createSource })

export default confluence

interface Open {
  readonly connection: Connection
  readonly api: ConfluenceApi
}

function createSource(settings: ConfluenceSettings, common: PluginContext): Source {
  const lifetime = new AbortController()
  const pictures = settings.extract_images ? { hosts: settings.allow_list } : undefined
  let emit: (event: RunEvent) => void = () => undefined
  let opening: Promise<Open> | undefined
  let opened: Open | undefined
  let known: Wiki | undefined
  const survey = createSurvey()
  /** On tries to connect that failed. */
  let spent = unspent

  function open(): Promise<Open> {
    opening ??= connectOnce()
    opening.catch(() => {
      opening = undefined
    })
    return opening
  }

  async function connectOnce(): Promise<Open> {
    const connection = await connect(settings, {
      ...common,
      signal: lifetime.signal,
      onWait: (seconds, reason) => emit({ type: 'waiting', seconds, reason }),
      onFailure: (usage) => {
        spent = sum(spent, usage)
      },
    })
    const { deployment } = connection.site
    opened = {
      connection,
      api: shapeGuarded(deployment === 'cloud' ? createCloud(connection) : createDataCenter(connection)),
    }
    return opened
  }

  /** What the last listing learned serves the downloads that follow it. */
  async function wiki(): Promise<Wiki> {
    const { api } = await open()
    known ??= createWiki({ api, pictures, signal: lifetime.signal, emit: (event) => emit(event) })
    return known
  }

  return {
    role: 'source',
    name: 'confluence',
    checks: () => checks({ settings, reach: (context) => reach(settings, { ...common, ...context }), open }),
    async *index(context) {
      emit = context.emit
      const stop = new AbortController()
      const signal = AbortSignal.any([context.signal, stop.signal])
      try {
        const { connection, api } = await untilAborted(open(), signal)
        emit(connectedEvent(connection))
        known = createWiki({ api, pictures, signal: lifetime.signal, emit })
        yield* walkSite({ wiki: known, settings, survey, context: { ...context, signal } })
        // A sign-in that was forgotten on the way makes a visitor of us, who sees less and is told nothing.
        if (await api.letsVisitorsIn()) await connection.confirmSignIn({ signal })
      } finally {
        stop.abort()
      }
    },
    async download(document, { signal }) {
      return fetchDocument(await untilAborted(wiki(), signal), document, settings, { signal })
    },
    async unpack(packed, document, { signal }) {
      return unpackDocument(await untilAborted(wiki(), signal), packed, document, settings.body, { signal })
    },
    async *revisit(documents, context) {
      emit = context.emit
      const there = await untilAborted(wiki(), context.signal)
      yield* revisit({ wiki: there, settings, survey, context }, documents)
    },
    async locate(address, { signal }) {
      return locateDocument(await untilAborted(wiki(), signal), address, { signal })
    },
    async browse(parent, { signal }) {
      return browse(await untilAborted(wiki(), signal), parent, { signal })
    },
    async identities(ids, { signal }) {
      return identities(await untilAborted(wiki(), signal), ids, { signal })
    },
    usage: () => (opened ? sum(spent, opened.connection.http.usage()) : spent),
    async close() {
      lifetime.abort()
      await opening?.catch(() => undefined)
      await opened?.connection.http.close()
    },
  }
}

function connectedEvent({ site, account, signedInBy }: Connection): RunEvent {
  const product =
    site.deployment === 'cloud' ? 'Confluence Cloud' : `Confluence Data Center ${site.version ?? ''}`
  return {
    type: 'source.connected',
    message: `${product.trim()} at ${site.webUrl}, signed in as ${account.name} (${signedInBy}).`,
    facts: {
      deployment: site.deployment,
      url: site.webUrl,
      account: account.id,
      ...(site.version ? { version: site.version } : {}),
      ...(site.cloudId ? { cloud_id: site.cloudId } : {}),
    },
  }
}
