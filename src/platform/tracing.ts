/**
 * Traces: one a job, a span for each task that a worker did for it, below them a span for each stage of a document, and below those the
 * requests. Made of what the channels tell, by OpenTelemetry's API alone: without an SDK behind it nothing comes of it.
 *
 * The trace of a job has the job's id, so that every worker knows it without being told.
 *
 * @module
 */

import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import type { TracingChannel } from 'node:diagnostics_channel'
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { type RequestMessage, requestChannel, type StageMessage, stageChannel } from '../model/diagnostics.ts'
import { reportError } from '../model/errors.ts'
import { type TaskMessage, taskChannel } from './activity.ts'

/** The trace that a job's spans are in: its id without dashes. */
export function traceIdOf(job: string): string {
  const plain = job.replaceAll('-', '').toLowerCase()
  return /^[0-9a-f]{32}$/.test(plain) ? plain : digest(job, 32)
}

/** The span that all others of a job are below. Nobody begins it: whoever finishes the job writes it down. */
export function rootSpanOf(job: string): SpanContext {
  const spanId = digest(`job ${job}`, 16)
  return { traceId: traceIdOf(job), spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true }
}

const digest = (text: string, length: number) =>
  createHash('sha256').update(text).digest('hex').slice(0, length)

/**
 * Makes spans of what happens in this process from now on.
 *
 * @param tracer default: what whoever started this process has registered with OpenTelemetry's API, if anything
 * @returns what ends it
 */
export function startTracing(tracer: Tracer = trace.getTracer('outflow')): () => void {
  const spans = new AsyncLocalStorage<Span>()

  /** One span from a message's beginning to its end; whatever happens meanwhile is below it. */
  function follow<Message extends { readonly error?: unknown }>(
    channel: TracingChannel<unknown, Message>,
    begin: (message: Message, around: Context) => Span,
    finish: (message: Message, span: Span) => void = () => {},
  ): () => void {
    const open = new WeakMap<Message, Span>()
    const onEnd = (told: unknown) => {
      const message = told as Message
      const span = open.get(message)
      if (!span) return
      finish(message, span)
      if (message.error !== undefined) noteFailure(span, message.error)
      span.end()
    }
    channel.start.bindStore(spans, (message) => {
      const around = spans.getStore()
      const span = begin(message, around ? trace.setSpan(ROOT_CONTEXT, around) : ROOT_CONTEXT)
      open.set(message, span)
      return span
    })
    channel.asyncEnd.subscribe(onEnd)
    return () => {
      channel.start.unbindStore(spans)
      channel.asyncEnd.unsubscribe(onEnd)
    }
  }

  const stops = [
    follow(taskChannel, ({ task, activity }, around) => {
      const { job } = activity
      const above = job === undefined ? around : trace.setSpanContext(ROOT_CONTEXT, rootSpanOf(job))
      return tracer.startSpan(`task ${task}`, { attributes: attributesOf(activity) }, above)
    }),
    follow(stageChannel, ({ stage, document }, around) =>
      tracer.startSpan(stage, { attributes: stageAttributes({ stage, document }) }, around),
    ),
    follow(requestChannel, beginRequest(tracer), ({ status }, span) => {
      if (status === undefined) return
      span.setAttribute('http.response.status_code', status)
      if (status >= 400) span.setStatus({ code: SpanStatusCode.ERROR })
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

/** Neither headers nor the query are told: what somebody searches for is nobody else's business. */
function beginRequest(tracer: Tracer) {
  return ({ method, url }: RequestMessage, around: Context): Span =>
    tracer.startSpan(
      method,
      {
        kind: SpanKind.CLIENT,
        attributes: {
          'http.request.method': method,
          'server.address': url.hostname,
          ...(url.port !== '' && { 'server.port': Number(url.port) }),
          'url.scheme': url.protocol.slice(0, -1),
          'url.path': url.pathname,
        },
      },
      around,
    )
}

export function attributesOf({ job, workflow, source }: TaskMessage['activity']): Attributes {
  return {
    ...(job !== undefined && { 'outflow.job': job }),
    ...(workflow !== undefined && { 'outflow.workflow': workflow }),
    ...(source !== undefined && { 'outflow.source': source }),
  }
}

const stageAttributes = ({ stage, document }: StageMessage): Attributes => ({
  'outflow.stage': stage,
  'outflow.document': document.id,
  'outflow.space': document.space,
})

function noteFailure(span: Span, thrown: unknown): void {
  const { code, message } = reportError(thrown)
  span.setStatus({ code: SpanStatusCode.ERROR, message })
  span.setAttribute('error.type', code)
}
