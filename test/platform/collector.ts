/**
 * A collector of traces, as far as it takes what is sent to it.
 *
 * @module
 */

import { type Loopback, sendJson, serve } from '../support/loopback.ts'

export interface Told {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: readonly { key: string; value: Readonly<Record<string, unknown>> }[]
  readonly status: { readonly code?: number; readonly message?: string }
  readonly startTimeUnixNano: string
}

export async function startCollector(): Promise<
  Loopback & { spans(): readonly Told[]; services(): unknown[] }
> {
  const collector = await serve((_, response) => sendJson(response, 200, {}))
  const batches = () =>
    collector.seen.flatMap(({ body }) => {
      const { resourceSpans } = JSON.parse(body)
      return resourceSpans as { resource: Pick<Told, 'attributes'>; scopeSpans: { spans: Told[] }[] }[]
    })
  return {
    ...collector,
    spans: () => batches().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    services: () => batches().map(({ resource }) => read(resource, 'service.name')),
  }
}

/** An attribute. */
export function read({ attributes }: Pick<Told, 'attributes'>, key: string): unknown {
  const value = attributes.find((each) => each.key === key)?.value
  const [only] = Object.values(value ?? {})
  return only
}
