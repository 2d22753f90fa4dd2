/**
 * The two sets of rules: `compat` is the reference's version 1 to the letter, `enhanced` mends what that does badly on wiki pages.
 *
 * @module
 */

import { type Mode, type Roles, rolesOf } from './roles.ts'

export interface Rules {
  readonly roles: Roles
  /** Blocks in a heading, list item or caption keep its type, and so does text after them. */
  readonly blocksInherit: boolean
  /** An image waits for the end of the paragraph it stands in; else it cuts the paragraph in two. */
  readonly imagesWait: boolean
  /** A link is put on everything inside it; else on the first thing only. */
  readonly linksRepeat: boolean
  /** Texts of one character stay, and so does a dash or star that is no bullet. */
  readonly keepsAll: boolean
  /** Tables keep spans, headers, links, images, code, task state and nested tables. */
  readonly richTables: boolean
  /** Elements carry heading path, anchor address, code language and the like; addresses are absolute. */
  readonly context: boolean
}

export function rulesOf(mode: Mode, skipHeadersAndFooters: boolean): Rules {
  const enhanced = mode === 'enhanced'
  return {
    roles: rolesOf(mode, skipHeadersAndFooters),
    blocksInherit: enhanced,
    imagesWait: enhanced,
    linksRepeat: enhanced,
    keepsAll: enhanced,
    richTables: enhanced,
    context: enhanced,
  }
}
