/**
 * Words that a line's end divides.
 *
 * @module
 */

/** Enough for a book; further words are not learned. */
const mostWords = 100_000
const word = /\p{L}{2,40}/gu
const divided = /(\p{L}{2,20})-\n(\p{Ll}{2,20})/gu

/** Puts divided words together. Learns words as it reads, since only what was seen undivided is surely one word. */
export function createHyphens() {
  const seen = new Set<string>()
  return {
    learn(text: string): void {
      for (const [found] of text.matchAll(word)) if (seen.size < mostWords) seen.add(found.toLowerCase())
    },
    /** @param text lines with their breaks. A soft hyphen goes; a hyphen goes where the word was seen without, and stays without a gap else. */
    join: (text: string): string =>
      text.replace(/\u00ad\n?/g, '').replace(divided, (_, before: string, after: string) => {
        const whole = before + after
        return seen.has(whole.toLowerCase()) ? whole : `${before}-${after}`
      }),
  }
}

export type Hyphens = ReturnType<typeof createHyphens>
