/**
 * The macros that the sandbox knows, by name.
 *
 * @module
 */

import {
  anchor,
  code,
  expand,
  jira,
  noformat,
  notice,
  panel,
  plainly,
  status,
  unknown,
  viewFile,
} from './body-macros.ts'
import { excerptInclude, include } from './include-macros.ts'
import { targetOf } from './links.ts'
import {
  attachments,
  blogPosts,
  byLabel,
  children,
  contributors,
  pageTree,
  recentlyUpdated,
  tableOfContents,
} from './listing-macros.ts'
import type { Macro, MacroRenderer } from './macro.ts'
import { everyTag, isTag, type Tag, textOf } from './markup.ts'
import type { Rendering } from './rendering.ts'

export function renderMacro(tag: Tag, rendering: Rendering): string {
  const name = tag.attributes['ac:name'] ?? ''
  const parameterTag = (wanted: string) =>
    tag.children
      .filter(isTag)
      .find((child) => child.name === 'ac:parameter' && (child.attributes['ac:name'] ?? '') === wanted)
  const macro: Macro = {
    tag,
    name,
    parameter: (wanted) => {
      const found = parameterTag(wanted)
      return found === undefined ? undefined : textOf(found).trim()
    },
    page: (where) => {
      const reference = [...everyTag(tag, 'ri:page'), ...everyTag(tag, 'ri:blog-post')][0]
      return reference === undefined ? undefined : targetOf(reference, where)
    },
  }
  return (macros.get(name) ?? unknown)(macro, rendering)
}

const macros: ReadonlyMap<string, MacroRenderer> = new Map(
  Object.entries<MacroRenderer>({
    info: notice('information'),
    note: notice('note'),
    tip: notice('tip'),
    warning: notice('warning'),
    panel,
    code,
    noformat,
    expand,
    status,
    excerpt: plainly,
    details: plainly,
    section: plainly,
    column: plainly,
    toc: tableOfContents,
    include,
    'excerpt-include': excerptInclude,
    children,
    pagetree: pageTree,
    contentbylabel: byLabel,
    'recently-updated': recentlyUpdated,
    'blog-posts': blogPosts,
    contributors,
    attachments,
    'view-file': viewFile,
    jira,
    anchor,
  }),
)
