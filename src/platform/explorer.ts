/**
 * Asks a source directly: what is in it, who is behind its ids, what would come of one page.
 *
 * @module
 */

import type { PluginContext } from '../kit/define.ts'
import type { Source } from '../model/contracts.ts'
import { documentRef } from '../model/document.ts'
import { OutflowError } from '../model/errors.ts'
import { inspect } from './inspect.ts'
import { stepsOf, validateNodes } from './nodes.ts'
import { openSourceOf } from './open-connector.ts'
import type { Connectors, Explorer, NewNode } from './platform.ts'

interface ExplorerOptions {
  readonly connectors: Pick<Connectors, 'get' | 'settingsOf'>
  readonly context: PluginContext
}

/** Seconds that a source may take. */
const patience = 60
/** Ids in one question. */
const mostIds = 100

const defaultNodes: readonly NewNode[] = [
  { name: 'Partitioner', type: 'partition', subtype: 'unstructured_api', settings: { strategy: 'fast' } },
]

export function createExplorer({ connectors, context }: ExplorerOptions): Explorer {
  async function withSource<Result>(
    workspace: string,
    id: string,
    work: (source: Source) => Promise<Result>,
  ): Promise<Result> {
    const connector = await connectors.get(workspace, 'source', id)
    const source = await openSourceOf(await connectors.settingsOf(workspace, connector.id), context)
    try {
      return await work(source)
    } finally {
      await source.close()
    }
  }
  const inTime = () => ({ signal: AbortSignal.timeout(patience * 1000) })

  return {
    browse: (workspace, id, parent) =>
      withSource(workspace, id, (source) => {
        if (!source.browse) throw notOffered(source.name)
        return source.browse(parent, inTime())
      }),
    identities: (workspace, id, ids) =>
      withSource(workspace, id, (source) => {
        if (!source.identities) throw notOffered(source.name)
        if (ids.length > mostIds) throw tooMany(ids.length)
        return source.identities(ids, inTime())
      }),
    preview: (workspace, { sourceId, address, nodes = defaultNodes }, signal) =>
      withSource(workspace, sourceId, async (source) => {
        const steps = await stepsOf(validateNodes(nodes))
        const limited = AbortSignal.any([signal, inTime().signal])
        const { document, elements } = await inspect(source, steps, address, { signal: limited })
        return { document: documentRef(document), elements }
      }),
  }
}

function notOffered(source: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'connector.not_offered',
    message: `A source of type "${source}" cannot be looked around in.`,
    fix: 'Run a workflow with it, and look at what comes out.',
  })
}

function tooMany(count: number): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'connector.too_many_ids',
    message: `${count} ids were asked for; ${mostIds} are the most at a time.`,
    fix: 'Ask several times.',
    fields: [{ field: 'ids', message: `more than ${mostIds}` }],
  })
}
