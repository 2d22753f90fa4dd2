/**
 * Faults on purpose: puts them between a client and the routes of the sandbox.
 *
 * Where several faults strike one request, all of them are counted, changes of the world come first, and the first that answers
 * instead of Confluence does so. The sandbox's own routes (`/_sandbox/…`) never fail.
 *
 * @module
 */

import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requestLine } from '../request-line.ts'
import type { World } from '../world.ts'
import { forgetEmptyPage, spoil } from './answers.ts'
import { changeWorld, checkChange } from './changes.ts'
import { createEchoes } from './echoes.ts'
import type { Fault, FaultEffect } from './fault.ts'
import { quotaOf, refuse, sendLoginPage } from './refusals.ts'
import { arm } from './trigger.ts'

export interface FaultOptions {
  readonly world: World
  readonly faults?: readonly Fault[]
  /** Added to every answer. Default 0. */
  readonly latencyMs?: number
  /** Decides by which headers rate limits are told. */
  readonly flavour: 'cloud' | 'data-center'
}

export interface Faults {
  /**
   * Adds a fault while the server runs; the returned function takes it away again.
   *
   * @throws {OutflowError} `sandbox.fault.impossible`
   */
  add(fault: Fault): () => void
  /** Puts the faults before the routes of one server. Call it before any route or sign-in is registered. */
  register(app: FastifyInstance): void
}

/** @throws {OutflowError} `sandbox.fault.impossible` for a change that this world cannot undergo */
export function createFaults({ world, faults = [], latencyMs = 0, flavour }: FaultOptions): Faults {
  const ready = (fault: Fault) => {
    checkChange(world, fault.effect)
    return arm(fault)
  }
  const armed = new Set(faults.map(ready))
  const due = new WeakMap<FastifyRequest, readonly FaultEffect[]>()
  const quota = quotaOf(flavour)
  const echoes = createEchoes()

  const answerInstead = (effect: FaultEffect, reply: FastifyReply): boolean => {
    if (effect.kind === 'hang') reply.hijack()
    else if (effect.kind === 'status') refuse(reply, effect)
    else if (effect.kind === 'login-page') sendLoginPage(reply)
    else return effect.kind === 'quota' && quota.spend(effect, reply)
    return true
  }

  const before = async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.url.includes('/_sandbox/')) return
    const effects = strikes(armed, request)
    for (const effect of effects) changeWorld(world, effect)
    const wait = latencyMs + effects.reduce((sum, effect) => sum + slowness(effect), 0)
    if (wait > 0) await delay(wait)
    if (effects.some((effect) => answerInstead(effect, reply))) return reply
    due.set(request, effects)
  }

  const after = async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const effects = due.get(request) ?? []
    const answer = { request, reply, payload: echoes.repeat({ request, reply, payload }) }
    if (effects.some(({ kind }) => kind === 'repeat-item')) echoes.keep(answer)
    return effects
      .filter(({ kind }) => spoiling.includes(kind))
      .reduce((sent, effect) => spoil(effect, { ...answer, payload: sent }), answer.payload)
  }

  return {
    add(fault) {
      const added = ready(fault)
      armed.add(added)
      return () => {
        armed.delete(added)
        if (fault.effect.kind === 'repeat-item') echoes.forget()
      }
    },
    register(app) {
      app.addHook('onRequest', before)
      app.addHook('onSend', after)
    },
  }
}

const spoiling: readonly FaultEffect['kind'][] = [
  'truncate',
  'reset',
  'heavy',
  'repeat-cursor',
  'empty-page',
  'wrong-start',
  'omit',
]

const slowness = (effect: FaultEffect) => (effect.kind === 'slow' ? effect.milliseconds : 0)

function strikes(
  armed: ReadonlySet<ReturnType<typeof arm>>,
  request: FastifyRequest,
): readonly FaultEffect[] {
  const line = requestLine(request)
  const behindEmptyPage = forgetEmptyPage(request)
  const effects = [...armed].filter((fault) => fault.strikes(line)).map((fault) => fault.effect)
  return behindEmptyPage ? effects.filter(({ kind }) => kind !== 'empty-page') : effects
}
