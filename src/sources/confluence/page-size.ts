/**
 * How many items to ask of a list at once: as many as the site can bear, found out by asking.
 *
 * @module
 */

export interface PageSize {
  /** What to ask for next. */
  current(): number
  /** The site answered a page of the current size: grow, as far as it never failed. */
  worked(): void
  /** The site could not build a page of so many items. False when there is nothing smaller to try. */
  failed(asked: number): boolean
  /** The one item that broke its page is behind us. */
  passed(): void
}

/** After so many good pages in a row, the size that failed once is worth another try. */
const pagesUntilRetry = 20

/** @param first size to start with; @param most what the site documents as its limit */
export function createPageSize(first: number, most: number): PageSize {
  let size = first
  let ceiling = most
  let good = 0
  return {
    current: () => size,
    worked() {
      good += 1
      if (good % pagesUntilRetry === 0) ceiling = Math.min(most, ceiling * 2)
      size = Math.min(ceiling, size * 2)
    },
    failed(asked) {
      good = 0
      ceiling = Math.max(1, Math.floor(asked / 2))
      size = Math.min(size, ceiling)
      return asked > 1
    },
    passed() {
      ceiling = most
    },
  }
}
