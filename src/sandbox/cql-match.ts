/**
 * Which nodes a query finds: each field, its operators and its values.
 *
 * Dates without a zone are read as UTC: every user of a sandbox has that time zone. They count to the minute, as Confluence's do.
 *
 * @module
 */

import type { Clause, Cql, Operand, Operator } from './cql.ts'
import { badRequest } from './problem.ts'
import type { User, World, WorldNode, WorldSpace } from './world.ts'

export interface Asker {
  readonly world: World
  readonly user: User | undefined
  readonly now: Date
}

export type Matcher = (node: WorldNode) => boolean

type Comparison = Extract<Clause, { readonly type: 'compare' }>

/** @throws {Problem} 400 for a field, an operator or a value that does not exist. */
export function matcherOf(clause: Clause | undefined, asker: Asker): Matcher {
  if (clause === undefined) return () => true
  if (clause.type === 'compare') return compare(clause, asker)
  if (clause.type === 'not') {
    const matches = matcherOf(clause.clause, asker)
    return (node) => !matches(node)
  }
  const parts = clause.clauses.map((part) => matcherOf(part, asker))
  return clause.type === 'and'
    ? (node) => parts.every((matches) => matches(node))
    : (node) => parts.some((matches) => matches(node))
}

type Field =
  /** Has these values, any of which may equal what is asked for. */
  | { readonly type: 'values'; readonly of: (node: WorldNode, asker: Asker) => readonly string[] }
  | { readonly type: 'title' }
  | { readonly type: 'text' }
  | { readonly type: 'date'; readonly of: (node: WorldNode) => Date }

const spaceOf = (node: WorldNode, { world }: Asker) => world.spaces.find(({ id }) => id === node.spaceId)

const spaceValue =
  (value: (space: WorldSpace) => string) =>
  (node: WorldNode, asker: Asker): readonly string[] => {
    const space = spaceOf(node, asker)
    return space === undefined ? [] : [value(space)]
  }

const idOf = ({ id, type }: WorldNode) => (type === 'attachment' ? [id, `att${id}`] : [id])

const fields: ReadonlyMap<string, Field> = new Map(
  Object.entries<Field>({
    space: { type: 'values', of: spaceValue(({ key }) => key) },
    'space.key': { type: 'values', of: spaceValue(({ key }) => key) },
    'space.type': { type: 'values', of: spaceValue(({ type }) => type) },
    type: { type: 'values', of: ({ type }) => [type] },
    id: { type: 'values', of: idOf },
    content: { type: 'values', of: idOf },
    container: { type: 'values', of: ({ containerId }) => (containerId === undefined ? [] : [containerId]) },
    label: { type: 'values', of: ({ labels }) => labels },
    parent: { type: 'values', of: ({ parentId }) => (parentId === undefined ? [] : [parentId]) },
    ancestor: { type: 'values', of: (node, { world }) => ancestorIds(world, node) },
    creator: { type: 'values', of: ({ authorId }, { world }) => namesOf(world, authorId) },
    created: { type: 'date', of: ({ createdAt }) => createdAt },
    lastmodified: { type: 'date', of: ({ version }) => version.createdAt },
    title: { type: 'title' },
    text: { type: 'text' },
    sitesearch: { type: 'text' },
  }),
)

/** What hangs on a page has the page's ancestors, and the page. */
function ancestorIds(world: World, node: WorldNode): string[] {
  const ids: string[] = []
  let id = node.containerId ?? node.parentId
  while (id !== undefined) {
    ids.push(id)
    id = world.node(id)?.parentId
  }
  return ids
}

/** Cloud names people by account id, Data Center by user name or key. */
function namesOf(world: World, accountId: string): string[] {
  const user = world.users.find((each) => each.accountId === accountId)
  return user === undefined ? [accountId] : [accountId, user.userKey, user.username]
}

const allowed: Readonly<Record<Field['type'], readonly Operator[]>> = {
  values: ['=', '!=', 'in', 'not in'],
  title: ['=', '!=', '~', '!~', 'in', 'not in'],
  text: ['~', '!~'],
  date: ['=', '!=', '>', '>=', '<', '<='],
}

function compare(comparison: Comparison, asker: Asker): Matcher {
  const field = fields.get(comparison.field)
  if (field === undefined)
    throw badRequest(`Could not parse cql : No field exists with name '${comparison.field}'`)
  if (!allowed[field.type].includes(comparison.operator))
    throw badRequest(
      `Could not parse cql : The field '${comparison.field}' does not take the operator ${comparison.operator}`,
    )
  const matches = matchField(field, comparison, asker)
  const negated = ['!=', '!~', 'not in'].includes(comparison.operator)
  return negated ? (node) => !matches(node) : matches
}

function matchField(field: Field, { operator, operands }: Comparison, asker: Asker): Matcher {
  if (field.type === 'date') return matchDate(field.of, operator, operands[0]!, asker.now)
  const wanted = operands.map((operand) => textOf(operand, asker))
  if (field.type === 'values') return (node) => field.of(node, asker).some((value) => wanted.includes(value))
  if (field.type === 'text') {
    const words = wordsMatcher(wanted[0]!)
    return (node) => words(`${node.title} ${node.labels.join(' ')} ${plainText(asker.world, node)}`)
  }
  if (operator === '~' || operator === '!~') {
    const words = wordsMatcher(wanted[0]!)
    return (node) => words(node.title)
  }
  const titles = wanted.map((title) => title.toLowerCase())
  return (node) => titles.includes(node.title.toLowerCase())
}

function textOf(operand: Operand, { user }: Asker): string {
  if (operand.type === 'text') return operand.text
  if (operand.name === 'currentuser') return user?.accountId ?? ''
  throw badRequest(`Could not parse cql : No function exists with name '${operand.name}'`)
}

/** All words of the query occur, in any order; `*` at a word's end stands for its rest. */
function wordsMatcher(query: string): (text: string) => boolean {
  const wanted = wordsOf(query, /[\p{L}\p{N}*]+/gu)
  return (text) => {
    const words = new Set(wordsOf(text, /[\p{L}\p{N}]+/gu))
    const occurs = (word: string) =>
      word.endsWith('*')
        ? [...words].some((each) => each.startsWith(word.replace(/\*+$/, '')))
        : words.has(word)
    return wanted.length > 0 && wanted.every(occurs)
  }
}

const wordsOf = (text: string, word: RegExp) => text.toLowerCase().match(word) ?? []

/** The words of a body, without its markup. */
export function plainText(world: World, { id, type }: WorldNode): string {
  const written = type === 'page' || type === 'blogpost' || type === 'comment'
  return written ? world.storage(id).replace(/<(?!!\[CDATA\[)[^>]*>/g, ' ') : ''
}

const minute = 60_000

function matchDate(of: (node: WorldNode) => Date, operator: Operator, operand: Operand, now: Date): Matcher {
  const { from, length } = instantOf(operand, now)
  const at = (node: WorldNode) => Math.floor(of(node).getTime() / minute) * minute
  if (operator === '>') return (node) => at(node) > from
  if (operator === '>=') return (node) => at(node) >= from
  if (operator === '<') return (node) => at(node) < from
  if (operator === '<=') return (node) => at(node) <= from
  return (node) => at(node) >= from && at(node) < from + length
}

/** A day alone equals all of its minutes; everything else is one minute. */
function instantOf(operand: Operand, now: Date): { readonly from: number; readonly length: number } {
  if (operand.type === 'call') return { from: callOf(operand.name, operand.argument, now), length: minute }
  const [, day, time] =
    /^(\d{4}[-/]\d{1,2}[-/]\d{1,2})(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(?:Z|\+00:?00)?$/.exec(
      operand.text,
    ) ?? []
  const [year, month, date] = (day ?? '').split(/[-/]/).map(Number)
  const [hours, minutes] = (time ?? '0:0').split(':').map(Number)
  const from = Date.UTC(year ?? Number.NaN, (month ?? 0) - 1, date, hours, minutes)
  const valid = new Date(from).getUTCDate() === date && hours! < 24 && minutes! < 60
  if (!valid) throw badRequest(`Could not parse cql : '${operand.text}' is no date; use yyyy-MM-dd HH:mm`)
  return { from, length: time === undefined ? 24 * 60 * minute : minute }
}

const units: ReadonlyMap<string, number> = new Map(
  Object.entries<number>({
    m: minute,
    h: 60 * minute,
    d: 24 * 60 * minute,
    w: 7 * 24 * 60 * minute,
    M: 30 * 24 * 60 * minute,
    y: 365 * 24 * 60 * minute,
  }),
)

const starts: ReadonlyMap<string, (now: Date) => number> = new Map(
  Object.entries<(now: Date) => number>({
    now: (now) => now.getTime(),
    startofday: (now) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()),
    startofweek: (now) =>
      Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - now.getUTCDay()),
    startofmonth: (now) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth()),
    startofyear: (now) => Date.UTC(now.getUTCFullYear(), 0),
  }),
)

/** `now("-4h")`: minutes, hours, days, weeks, months (`M`) and years before (or after) the start that the name says. */
function callOf(name: string, argument: string | undefined, now: Date): number {
  const start = starts.get(name)
  if (start === undefined) throw badRequest(`Could not parse cql : No function exists with name '${name}'`)
  const [, sign, count, unit] = /^([-+]?)(\d+)([mhdwMy])$/.exec(argument ?? '0m') ?? []
  if (unit === undefined) throw badRequest(`Could not parse cql : '${argument}' is no span of time`)
  const at = start(now) + Number(count) * units.get(unit)! * (sign === '-' ? -1 : 1)
  return Math.floor(at / minute) * minute
}

type SortKey = (node: WorldNode, asker: Asker) => string | number

const sortKeys: ReadonlyMap<string, SortKey> = new Map(
  Object.entries<SortKey>({
    id: (node) => Number(node.id),
    content: (node) => Number(node.id),
    created: (node) => node.createdAt.getTime(),
    lastmodified: (node) => node.version.createdAt.getTime(),
    title: (node) => node.title.toLowerCase(),
    type: (node) => node.type,
    creator: (node) => node.authorId,
    space: (node, asker) => spaceOf(node, asker)?.key ?? '',
  }),
)

/** The order that the query asks for; ties, and queries that ask for none, go by id. @throws {Problem} 400. */
export function sorted(nodes: readonly WorldNode[], { order }: Cql, asker: Asker): readonly WorldNode[] {
  const keys = [...order, { field: 'id', descending: false }].map(({ field, descending }) => {
    const key = sortKeys.get(field)
    if (key === undefined) throw badRequest(`Could not parse cql : Results cannot be ordered by '${field}'`)
    return { key, sign: descending ? -1 : 1 }
  })
  return nodes
    .map((node) => ({ node, values: keys.map(({ key }) => key(node, asker)) }))
    .sort((a, b) => {
      const at = keys.findIndex((_, index) => a.values[index] !== b.values[index])
      return at < 0 ? 0 : keys[at]!.sign * (a.values[at]! < b.values[at]! ? -1 : 1)
    })
    .map(({ node }) => node)
}
