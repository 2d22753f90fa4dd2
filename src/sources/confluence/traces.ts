/**
 * What a page's content was made of beside the page itself: each question that its rendering put to the wiki around it, with a digest
 * of the answer. A later run puts the same questions again, without fetching any body, and sees whether the content has become stale.
 *
 * What the server rendered is no such question: nothing tells whether it would come out otherwise now.
 *
 * @module
 */

import { hash } from 'node:crypto'
import type { Trace } from '../../model/content.ts'
import { isLocal } from './seat.ts'
import type { Included, Surroundings } from './surroundings.ts'

/** The questions that are traced, by the name of their call. */
type Traced = 'include' | 'children' | 'labelled' | 'userNames' | 'files'

/** JSON of call and arguments, and back. */
type Question = readonly [call: Traced, ...given: readonly unknown[]]

export interface Tracer {
  readonly surroundings: Surroundings
  /** Of everything that was asked so far, each question once. */
  traces(): readonly Trace[]
  /** Ids of the pages whose text was found and may be shown. */
  included(): readonly string[]
}

/** The same surroundings, with a note of everything that is asked. */
export function traceQuestions(surroundings: Surroundings): Tracer {
  const noted = new Map<string, string>()
  const included = new Set<string>()

  async function include(...place: Parameters<Surroundings['include']>): Promise<Included> {
    const found = await surroundings.include(...place)
    if (found.outcome === 'found') included.add(found.page.id)
    return found
  }

  function note<Answer>(question: Question, answer: Promise<Answer>): Promise<Answer> {
    const key = JSON.stringify(question)
    answer.then(
      (given) => noted.set(key, digestOf(given)),
      // Next time it may be answered.
      () => noted.set(key, 'failed'),
    )
    return answer
  }

  return {
    surroundings: {
      ...surroundings,
      userNames: (ids) => note(['userNames', ids], surroundings.userNames(ids)),
      include: (space, title) => note(['include', space, title], include(space, title)),
      children: (root, depth) => note(['children', root, depth], surroundings.children(root, depth)),
      files: (page, names) => note(['files', page, names], surroundings.files(page, names)),
      labelled: (query) => note(['labelled', query], surroundings.labelled(query)),
    },
    included: () => [...included],
    traces: () => [...noted].map(([question, answer]) => ({ question, answer })),
  }
}

/** Whether all questions are answered as they were. @param surroundings as they are now; of included pages no bodies are needed */
export async function answersAreTheSame(
  traces: readonly Trace[],
  surroundings: Surroundings,
): Promise<boolean> {
  for (const { question, answer } of traces)
    if ((await askAgain(question, surroundings)) !== answer) return false
  return true
}

async function askAgain(question: string, surroundings: Surroundings): Promise<string | undefined> {
  const [call, ...given] = JSON.parse(question) as Question
  try {
    // The arguments are those that this very call was given before.
    return digestOf(
      await (surroundings[call] as (...given: readonly unknown[]) => Promise<unknown>)(...given),
    )
  } catch (thrown) {
    if (isLocal(thrown)) return undefined
    throw thrown
  }
}

function digestOf(answer: unknown): string {
  const told =
    answer instanceof Map ? [...answer].sort(byKey) : isIncluded(answer) ? withoutText(answer) : answer
  return hash('sha256', JSON.stringify(told), 'hex').slice(0, 16)
}

const isIncluded = (answer: unknown): answer is Included =>
  typeof answer === 'object' && answer !== null && 'outcome' in answer

/** The text of a version never changes. */
function withoutText(included: Included): unknown {
  if (included.outcome !== 'found') return included
  const { storage: _, ...rest } = included
  return rest
}

const byKey = ([one]: readonly [string, string], [other]: readonly [string, string]) => (one < other ? -1 : 1)
