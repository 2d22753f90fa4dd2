/**
 * What pages a `contentbylabel` or a page properties report asks for: by its own parameters, or by CQL of the simple kind that the
 * macro browser writes. Whatever else the CQL says cannot be answered here, and then nothing is: a wrong list is worse than none.
 *
 * @module
 */

import type { LabelQuery, Macro } from '../renderer.ts'

/** As many as Confluence lists unless told otherwise. */
const usualLimit = 15

/** `undefined` when the macro asks for something that labels and spaces alone do not tell. */
export function readLabelQuery(macro: Macro, otherwise = usualLimit): LabelQuery | undefined {
  const limit = Number.parseInt(macro.text('max') || macro.text('maxResults') || macro.text('pageSize'), 10)
  const query = macro.text('cql') === '' ? fromParameters(macro) : fromCql(macro.text('cql'))
  if (!query || query.labels.length === 0) return undefined
  return { ...query, limit: limit > 0 ? limit : otherwise }
}

type Wanted = Omit<LabelQuery, 'limit'>

function fromParameters(macro: Macro): Wanted | undefined {
  const labels = words(macro.text('labels') || macro.text('label') || macro.text(''))
  const spaceKeys = words(macro.text('spaces') || macro.text('space')).filter((key) => key !== '@self')
  const signed = [...labels, ...spaceKeys].some((word) => /^[-+@]/.test(word))
  if (signed) return undefined
  return { labels, any: macro.text('operator').toUpperCase() !== 'AND', spaceKeys }
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '')
}

const clause =
  /^\s*(label|space|space\.key|type)\s*(=|in)\s*(\([^()]*\)|"(?:[^"\\]|\\.)*"|'[^']*'|currentSpace\(\)|[\w~.-]+)\s*$/i

/** Clauses on label, space and type, joined by `and`; `label in (…)` means any of them. */
function fromCql(cql: string): Wanted | undefined {
  const labels: string[] = []
  const spaceKeys: string[] = []
  let any = false
  for (const part of cql.replace(/\border\s+by\b[\s\S]*$/i, '').split(/\s+and\s+/i)) {
    const [, field, operator, value] = clause.exec(part) ?? []
    if (field === undefined || value === undefined) return undefined
    const values = cqlValues(value)
    if (!values) return undefined
    if (field.toLowerCase() === 'label') {
      if (labels.length > 0 && (any || operator!.toLowerCase() === 'in')) return undefined
      any = operator!.toLowerCase() === 'in' && values.length > 1
      labels.push(...values)
    } else if (field.toLowerCase() !== 'type') spaceKeys.push(...values)
    else if (values.some((type) => !listedTypes.has(type))) return undefined
  }
  return { labels, any, spaceKeys }
}

const listedTypes: ReadonlySet<string> = new Set(['page', 'blogpost'])

/** The macro's own space is what no space at all means; beside others it cannot be said. */
function cqlValues(value: string): string[] | undefined {
  if (/^currentSpace\(\)$/i.test(value)) return []
  const list = value.replace(/^\(|\)$/g, '').split(',')
  const values = list.map((each) => each.trim().replace(/^["']|["']$/g, '')).filter((each) => each !== '')
  return values.some((each) => /[()]/.test(each)) ? undefined : values
}
