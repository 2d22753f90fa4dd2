/**
 * Macros that show no text of the page: navigation, buttons and search boxes; and those that list what happens elsewhere.
 *
 * @module
 */

import type { MacroRule } from '../renderer.ts'

/** Nothing to read, nothing lost. */
const silent: MacroRule = { render() {} }

/** A list of other pages' content that only the server knows, for one reader at a time: named as missing. */
const elsewhere: MacroRule = {
  showsOtherPages: true,
  render: (macro, renderer) => renderer.lose('unsupported_macro', macro.name),
}

const silentNames = [
  'toc',
  'anchor',
  'create-from-template',
  'create-space-button',
  'livesearch',
  'pagetreesearch',
  'search-box',
  'floatmenu',
  'add-page-form',
  'style',
  'css',
  'composition-setup',
  'pagebreak',
  'scroll-pagebreak',
  'scroll-bookmark',
]

const elsewhereNames = [
  'recently-updated',
  'rss',
  'recently-updated-dashboard',
  'blog-posts',
  'tasks-report-macro',
  'tasks-report',
  'content-report-table',
  'decisionreport',
  'pageindex',
  'index',
  'listlabels',
  'popular-labels',
  'recently-used-labels',
  'related-labels',
  'contributors',
  'contributors-summary',
  'spaces',
  'space-details',
  'spaceindex',
  'search',
  'network',
  'favpages',
  'global-reports',
  'navmap',
  'change-history',
  'activity-stream',
  'gadget',
  'include-shared-block',
  'multiexcerpt-include',
  'multiexcerpt-include-macro',
  'excerpt-include-plus',
  'table-excerpt-include',
]

export const silentMacros: Readonly<Record<string, MacroRule>> = Object.fromEntries([
  ...silentNames.map((name) => [name, silent]),
  ...elsewhereNames.map((name) => [name, elsewhere]),
])
