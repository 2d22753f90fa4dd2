/**
 * The macros that the sandbox knows, by name.
 *
 * @module
 */

import { Problem } from '../problem.ts'
import {
  anchor,
  code,
  expand,
  jira,
  noformat,
  notice,
  panel,
  plainly,
  quote,
  status,
  unknown,
  viewFile,
  widget,
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
import { error, type Macro, type MacroRenderer, parameterOf, wrap } from './macro.ts'
import { everyTag, type Tag } from './markup.ts'
import type { Rendering } from './rendering.ts'
import { propertiesReport } from './report-macro.ts'

/** A macro that cannot be shown says so in its place, and harms nothing around it. */
export function renderMacro(tag: Tag, rendering: Rendering): string {
  const name = tag.attributes['ac:name'] ?? ''
  const macro: Macro = {
    tag,
    name,
    parameter: (wanted) => parameterOf(tag, wanted),
    page: (where) => {
      const reference = [...everyTag(tag, 'ri:page'), ...everyTag(tag, 'ri:blog-post')][0]
      return reference === undefined ? undefined : targetOf(reference, where)
    },
  }
  try {
    return (macros.get(name) ?? unknown)(macro, rendering)
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown
    return wrap(macro, error(`Error rendering macro '${name}' : ${thrown.message}`))
  }
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
    detailssummary: propertiesReport,
    quote,
    widget,
    mathblock: noformat,
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
