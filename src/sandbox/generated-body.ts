/**
 * Bodies of a generated world: each joined from a bank of blocks that is composed once, in an order that depends on the page, with
 * no block twice until the bank is used up. So text costs little more than copying it.
 *
 * @module
 */

import { foreignParagraph, heading, paragraph, specialBlocks, type Targets } from './generated-blocks.ts'
import { sentence, titleOf } from './generated-words.ts'
import { mix, type Random, randomFrom } from './random.ts'

/** Sizes are powers of two, so that any odd step visits every block once. */
const paragraphCount = 2048
const specialCount = 512
const headingCount = 256
const foreignCount = 16

export interface BodyOptions {
  readonly seed: number
  /** Smallest and largest body, in characters; sizes are spread evenly over their logarithm. */
  readonly sizes: readonly [number, number]
  readonly targets: Targets
}

/** The function from a page's number and title to its storage format. */
export function bodyWriter({
  seed,
  sizes: [smallest, largest],
  targets,
}: BodyOptions): (page: number, title: string) => string {
  const random = randomFrom(mix(seed, 0xb0d7))
  const bank = (count: number, compose: (random: Random, index: number) => string) =>
    Array.from({ length: count }, (_, index) => compose(random, index))
  const paragraphs = bank(paragraphCount, (r) => paragraph(r, targets))
  const specials = bank(specialCount, (r, index) => specialBlocks[index % specialBlocks.length]!(r, targets))
  const headings = bank(headingCount, (r, index) => heading(r, index % 3 === 2 ? 3 : 2))
  const foreign = bank(foreignCount, foreignParagraph)

  return (page, title) => {
    const own = randomFrom(mix(seed, page, 0xb0d8))
    const nextParagraph = walk(paragraphs, own)
    const nextSpecial = walk(specials, own)
    const nextHeading = walk(headings, own)
    const size = smallest * (largest / smallest) ** own.share()
    const parts = [`<p>${title}: this page is about ${titleOf(own).toLowerCase()}. ${sentence(own)}</p>`]
    let length = parts[0]!.length
    const add = (block: string) => {
      parts.push(block)
      length += block.length
    }
    if (own.chance(0.1)) add(own.pick(foreign))
    while (length < size) {
      if (size - length > 1500) add(nextHeading())
      for (let left = 1 + own.below(4); left > 0 && length < size; left -= 1) add(nextParagraph())
      if (size - length > 2500) add(nextSpecial())
    }
    return parts.join('')
  }
}

/** Goes through a bank from any place on, in steps that come round to the start only after every block. */
function walk(bank: readonly string[], random: Random): () => string {
  let index = random.below(bank.length)
  const step = 1 + 2 * random.below(bank.length / 2)
  return () => {
    index = (index + step) & (bank.length - 1)
    return bank[index]!
  }
}
