/**
 * The Confluence Query Language, as much of it as clients use: reading a query into a tree. `cql-match.ts` decides what it finds.
 *
 *     space = "HR" and type in (page, blogpost) and not label = draft order by created desc, title
 *
 * @module
 */

import { badRequest } from './problem.ts'

export type Operator = '=' | '!=' | '~' | '!~' | '>' | '>=' | '<' | '<=' | 'in' | 'not in'

export type Operand =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'call'; readonly name: string; readonly argument: string | undefined }

export type Clause =
  | { readonly type: 'and' | 'or'; readonly clauses: readonly Clause[] }
  | { readonly type: 'not'; readonly clause: Clause }
  | {
      readonly type: 'compare'
      /** Lower case: field names are read without regard to it. */
      readonly field: string
      readonly operator: Operator
      readonly operands: readonly Operand[]
    }

interface Ordering {
  readonly field: string
  readonly descending: boolean
}

export interface Cql {
  /** Undefined: everything. */
  readonly clause: Clause | undefined
  readonly order: readonly Ordering[]
}

interface Token {
  readonly type: 'word' | 'text' | 'symbol' | 'end'
  readonly text: string
  readonly at: number
}

const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|!~|>=|<=|[=~<>(),])|([^\s"'=!~<>(),]+))/y

/** @throws {Problem} 400 when it is not CQL. */
export function parseCql(text: string): Cql {
  const reader = readerOf(tokensOf(text))
  const clause = reader.peekWord('order') || reader.peek().type === 'end' ? undefined : readOr(reader)
  const order = reader.takeWord('order') ? readOrder(reader) : []
  if (reader.peek().type !== 'end') throw reader.unexpected('the end of the query')
  return { clause, order }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  pattern.lastIndex = 0
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex
    const match = pattern.exec(text)
    if (match === null) throw badRequest(`Could not parse cql : ${text} (at character ${at})`)
    const [, double, single, symbol, word] = match
    const quoted = double ?? single
    if (quoted !== undefined) tokens.push({ type: 'text', text: quoted.replace(/\\(.)/gs, '$1'), at })
    else tokens.push({ type: symbol === undefined ? 'word' : 'symbol', text: (symbol ?? word)!, at })
  }
  return [...tokens, { type: 'end', text: 'end of query', at: end }]
}

interface Reader {
  peek(): Token
  next(): Token
  peekWord(word: string): boolean
  takeWord(word: string): boolean
  takeSymbol(symbol: string): boolean
  unexpected(expected: string): Error
}

function readerOf(tokens: readonly Token[]): Reader {
  let position = 0
  const peek = () => tokens[position]!
  const isWord = (word: string) => peek().type === 'word' && peek().text.toLowerCase() === word
  const takeIf = (holds: boolean) => {
    if (holds) position += 1
    return holds
  }
  return {
    peek,
    next: () => tokens[peek().type === 'end' ? position : position++]!,
    peekWord: isWord,
    takeWord: (word) => takeIf(isWord(word)),
    takeSymbol: (symbol) => takeIf(peek().type === 'symbol' && peek().text === symbol),
    unexpected: (expected) =>
      badRequest(
        `Could not parse cql : expected ${expected} at character ${peek().at}, not "${peek().text}"`,
      ),
  }
}

function readOr(reader: Reader): Clause {
  const clauses = [readAnd(reader)]
  while (reader.takeWord('or')) clauses.push(readAnd(reader))
  return clauses.length === 1 ? clauses[0]! : { type: 'or', clauses }
}

function readAnd(reader: Reader): Clause {
  const clauses = [readNot(reader)]
  while (reader.takeWord('and')) clauses.push(readNot(reader))
  return clauses.length === 1 ? clauses[0]! : { type: 'and', clauses }
}

function readNot(reader: Reader): Clause {
  if (reader.takeWord('not')) return { type: 'not', clause: readNot(reader) }
  if (!reader.takeSymbol('(')) return readCompare(reader)
  const clause = readOr(reader)
  if (!reader.takeSymbol(')')) throw reader.unexpected('")"')
  return clause
}

function readCompare(reader: Reader): Clause {
  if (reader.peek().type !== 'word') throw reader.unexpected('a field')
  const field = reader.next().text.toLowerCase()
  const operator = readOperator(reader)
  const many = operator === 'in' || operator === 'not in'
  return { type: 'compare', field, operator, operands: many ? readOperands(reader) : [readOperand(reader)] }
}

const symbols: readonly Operator[] = ['=', '!=', '~', '!~', '>', '>=', '<', '<=']

function readOperator(reader: Reader): Operator {
  const symbol = symbols.find((each) => reader.takeSymbol(each))
  if (symbol !== undefined) return symbol
  if (reader.takeWord('in')) return 'in'
  if (reader.takeWord('not') && reader.takeWord('in')) return 'not in'
  throw reader.unexpected('an operator')
}

function readOperands(reader: Reader): Operand[] {
  if (!reader.takeSymbol('(')) throw reader.unexpected('"("')
  const operands = [readOperand(reader)]
  while (reader.takeSymbol(',')) operands.push(readOperand(reader))
  if (!reader.takeSymbol(')')) throw reader.unexpected('")"')
  return operands
}

function readOperand(reader: Reader): Operand {
  const { type } = reader.peek()
  if (type !== 'word' && type !== 'text') throw reader.unexpected('a value')
  const { text } = reader.next()
  if (type === 'text' || !reader.takeSymbol('(')) return { type: 'text', text }
  const argument = reader.peek().type === 'text' ? reader.next().text : undefined
  if (!reader.takeSymbol(')')) throw reader.unexpected('")"')
  return { type: 'call', name: text.toLowerCase(), argument }
}

function readOrder(reader: Reader): Ordering[] {
  if (!reader.takeWord('by')) throw reader.unexpected('"by"')
  const order: Ordering[] = []
  do {
    if (reader.peek().type !== 'word') throw reader.unexpected('a field')
    const field = reader.next().text.toLowerCase()
    const descending = reader.takeWord('desc')
    if (!descending) reader.takeWord('asc')
    order.push({ field, descending })
  } while (reader.takeSymbol(','))
  return order
}
