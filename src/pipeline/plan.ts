/**
 * Is a workflow legal? Decided before anything is opened.
 *
 * @module
 */

import type {
  Chunker,
  Destination,
  Embedder,
  Enricher,
  Partitioner,
  Source,
  Step,
} from '../model/contracts.ts'
import { OutflowError } from '../model/errors.ts'

/** Where documents come from, what is done to them, and where they go. */
export interface Workflow {
  readonly source: Source
  readonly steps: readonly Step[]
  readonly destination: Destination
}

/** A workflow's steps, sorted by role. */
export interface Plan {
  readonly partitioners: readonly Partitioner[]
  /** What happens to the elements afterwards, in order. */
  readonly elementSteps: readonly (Enricher | Chunker | Embedder)[]
}

const order = ['partition', 'enrich', 'chunk', 'embed'] as const

/** @throws {OutflowError} kind `config`: no partitioner, a step out of order, or two chunkers or embedders. */
export function plan(steps: readonly Step[]): Plan {
  const partitioners = steps.filter((step): step is Partitioner => step.role === 'partition')
  const elementSteps = steps.filter(
    (step): step is Enricher | Chunker | Embedder => step.role !== 'partition',
  )
  if (partitioners.length === 0)
    throw illegal(
      'plan.no_partitioner',
      'The workflow has no partitioner, so nothing would turn documents into elements.',
      "Put one first, for example auto() from 'outflow/partition/auto'.",
    )
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1]
    if (before && order.indexOf(step.role) < order.indexOf(before.role))
      throw illegal(
        'plan.order',
        `The ${step.role} step "${step.name}" stands after the ${before.role} step "${before.name}".`,
        `Steps run in this order: ${order.join(', ')}.`,
      )
  }
  for (const role of ['chunk', 'embed'] as const)
    if (steps.filter((step) => step.role === role).length > 1)
      throw illegal('plan.order', `The workflow has more than one ${role} step.`, 'Keep one of them.')
  return { partitioners, elementSteps }
}

function illegal(code: string, message: string, fix: string): OutflowError {
  return new OutflowError({ kind: 'config', code, message, fix })
}
