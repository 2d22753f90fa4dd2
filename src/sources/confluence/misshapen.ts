/**
 * Answers of another shape than Confluence's documentation gives them, such as `null` where an object belongs: trouble with the one thing
 * that was asked for, never with the run.
 *
 * @module
 */

import { OutflowError } from '../../model/errors.ts'
import type { ConfluenceApi } from './api.ts'

/** What reading such an answer throws. */
export const isMisshapen = (thrown: unknown): thrown is TypeError => thrown instanceof TypeError

function misshapen(what: string, cause: TypeError): OutflowError {
  return new OutflowError({
    kind: 'content',
    code: 'confluence.answer.misshapen',
    message: `Confluence’s answer about ${what} is not of the shape it should have: ${cause.message}.`,
    fix: 'Run again. If it stays, report it with the version of Confluence and the plugins that change its API.',
    cause,
  })
}

type Call = (...given: never[]) => unknown

/** The same calls, which throw kind `content` for an answer that they cannot make sense of. */
export function shapeGuarded(api: ConfluenceApi): ConfluenceApi {
  const guarded = Object.entries(api).map(([name, value]) => [
    name,
    typeof value === 'function' ? guard(name, value as Call) : value,
  ])
  return Object.fromEntries(guarded) as ConfluenceApi
}

function guard(name: string, call: Call): Call {
  return (...given) => {
    const answer = call(...given)
    if (answer instanceof Promise) return answer.catch((thrown) => rethrow(name, thrown))
    return isStream(answer) ? guardedStream(name, answer) : answer
  }
}

const isStream = (answer: unknown): answer is AsyncIterable<unknown> =>
  typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer

async function* guardedStream(name: string, stream: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* stream
  } catch (thrown) {
    rethrow(name, thrown)
  }
}

function rethrow(name: string, thrown: unknown): never {
  throw isMisshapen(thrown) ? misshapen(name, thrown) : thrown
}
