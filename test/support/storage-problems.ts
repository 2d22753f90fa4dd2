/**
 * What is wrong with a piece of storage format, for tests of hand-written and generated bodies: strict where Confluence's own parser
 * is.
 *
 * @module
 */

const notMarkup = /<!\[CDATA\[[\s\S]*?\]\]>/g
const tag = /<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g

/** Tags that are not closed by their own kind, and `<`, `>` and `&` that are not written as entities. Empty when all is well. */
export function storageProblems(storage: string): readonly string[] {
  const markup = storage.replaceAll(notMarkup, '')
  const strays = [...markup.replaceAll(tag, '').matchAll(/[<>].{0,20}/gs)].map(([stray]) => stray)
  const ampersands = [...markup.matchAll(/&(?!(?:#\d+|#x[\da-f]+|\w+);).{0,20}/gi)].map(([stray]) => stray)
  return [...unbalanced(markup), ...strays, ...ampersands]
}

function unbalanced(markup: string): readonly string[] {
  const open: string[] = []
  for (const [whole, slash, name = '', , selfClosed] of markup.matchAll(tag)) {
    if (slash) {
      if (open.pop() !== name) return [`${whole} closes nothing`]
    } else if (!selfClosed) open.push(name)
  }
  return open.map((name) => `<${name}> stays open`)
}
