/**
 * Sends traces to where OpenTelemetry's own variables say, by OTLP over HTTP. The SDK that does it is nobody's burden who wants none: it is
 * loaded when it is asked for, and installed by whoever asks.
 *
 * @module
 */

import { SpanStatusCode } from '@opentelemetry/api'
import { OutflowError } from '../model/errors.ts'
import type { JobFinished } from '../model/events.ts'
import type { Activity } from './activity.ts'
import type { Environment } from './settings.ts'
import { attributesOf, rootSpanOf, startTracing } from './tracing.ts'

export interface Telemetry {
  /** Whoever finishes a job writes down the span that all its others are below. */
  jobFinished(activity: Activity & { readonly job: string }, began: Date, finished: JobFinished): void
  /** Sends what is left. Idempotent; does not throw. */
  close(): Promise<void>
}

/**
 * Listens from now on. Without `OTEL_EXPORTER_OTLP_ENDPOINT` (or `…_TRACES_ENDPOINT`) spans go to what was registered with OpenTelemetry's
 * API before, such as by `node --import`; without that, nowhere.
 *
 * @throws {OutflowError} `config`: codes `telemetry.sdk_missing`, `telemetry.endpoint_invalid`, `telemetry.sampler_invalid`
 */
export async function startTelemetry(environment: Environment): Promise<Telemetry> {
  const endpoint = endpointOf(environment)
  if (endpoint === undefined) {
    const stop = startTracing()
    return { jobFinished: () => {}, close: async () => stop() }
  }
  const ratio = ratioOf(environment)
  const { sdk, exporter, resources } = await loadSdk()
  const random = new sdk.RandomIdGenerator()
  /** Told to the next span that is begun, in place of an id by chance. */
  let nextIds: { readonly traceId: string; readonly spanId: string } | undefined
  const provider = new sdk.TracerProvider({
    resource: resources
      .defaultResource()
      .merge(
        resources.resourceFromAttributes({ 'service.name': environment.OTEL_SERVICE_NAME ?? 'outflow' }),
      ),
    // Decided by the trace's id alone, so that all workers decide alike.
    sampler: new sdk.TraceIdRatioBasedSampler(ratio),
    spanProcessors: [
      new sdk.BatchSpanProcessor({ exporter: new exporter.OTLPTraceExporter({ url: endpoint }) }),
    ],
    idGenerator: {
      generateTraceId: () => nextIds?.traceId ?? random.generateTraceId(),
      generateSpanId: () => nextIds?.spanId ?? random.generateSpanId(),
    },
  })
  const tracer = provider.getTracer('outflow')
  const stop = startTracing(tracer)
  let closed: Promise<void> | undefined
  return {
    jobFinished(activity, began, { outcome, coverage, error }) {
      nextIds = rootSpanOf(activity.job)
      const span = tracer.startSpan('job', { root: true, startTime: began })
      nextIds = undefined
      span.setAttributes({ ...attributesOf(activity), 'outflow.outcome': outcome })
      for (const [state, count] of Object.entries(coverage))
        span.setAttribute(`outflow.documents.${state}`, count)
      if (error) span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
      span.end()
    },
    close() {
      stop()
      closed ??= provider.shutdown().catch(() => {})
      return closed
    },
  }
}

/** As the specification of the exporter reads them. */
function endpointOf(environment: Environment): string | undefined {
  const traces = environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
  const all = environment.OTEL_EXPORTER_OTLP_ENDPOINT
  if (!traces && !all) return undefined
  const text = traces || `${all!.replace(/\/+$/, '')}/v1/traces`
  const url = URL.parse(text)
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.href
  throw new OutflowError({
    kind: 'config',
    code: 'telemetry.endpoint_invalid',
    message: 'The address in OTEL_EXPORTER_OTLP_ENDPOINT is no http address.',
    fix: 'Give the collector’s address for OTLP over HTTP, such as http://collector:4318.',
  })
}

/** The share of traces that is kept. */
function ratioOf({ OTEL_TRACES_SAMPLER_ARG: text = '1' }: Environment): number {
  const ratio = text.trim() === '' ? Number.NaN : Number(text)
  if (ratio >= 0 && ratio <= 1) return ratio
  throw new OutflowError({
    kind: 'config',
    code: 'telemetry.sampler_invalid',
    message: `OTEL_TRACES_SAMPLER_ARG is ${JSON.stringify(text)}, which is no number from 0 to 1.`,
    fix: 'Give the share of jobs to trace: 1 for all, 0.1 for one in ten.',
  })
}

/** Names of optional packages are not seen by whoever reads imports to find out what has to be there. */
async function loadSdk() {
  try {
    const [sdk, exporter, resources] = await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
    return { sdk, exporter, resources }
  } catch (thrown) {
    throw new OutflowError({
      kind: 'config',
      code: 'telemetry.sdk_missing',
      message: 'OTEL_EXPORTER_OTLP_ENDPOINT is set, and OpenTelemetry’s SDK is not installed.',
      fix: 'Install it beside Outflow: npm install @opentelemetry/sdk-trace@3 @opentelemetry/resources@3 @opentelemetry/exporter-trace-otlp-http@0.301',
      cause: thrown,
    })
  }
}
