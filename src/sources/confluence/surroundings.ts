/**
 * What the rendering of one page may ask of the wiki around it. Every answer is already checked against the readers of the page
 * that is being rendered: text or a title that one of them could not open in Confluence never comes back from here.
 *
 * @module
 */

import type { FileAddress } from './api.ts'

/** A page that every reader of the page in hand may open. */
export interface PageLink {
  readonly id: string
  readonly title: string
  readonly url: string
  /** Titles and ids below it, as deep as was asked for. */
  readonly children: readonly PageLink[]
}

/** What became of a request for another page's content. */
export type Included =
  | {
      readonly outcome: 'found'
      readonly page: PageLink
      readonly version: number
      readonly storage: string
    }
  /** There, but not for every reader of this page; `url` is known only where its title may be shown. */
  | { readonly outcome: 'not_permitted'; readonly url?: string }
  | { readonly outcome: 'missing' }

export interface Surroundings {
  /** The page in hand. */
  readonly page: {
    readonly id: string
    readonly title: string
    readonly spaceKey: string
    readonly url: string
  }
  /** Base of web links, no slash at the end. */
  readonly webUrl: string
  readonly deployment: 'cloud' | 'data-center'
  /** `auto` splices server-rendered macros in from `view`; `storage` never asks for it; `view` takes all of it from there. */
  readonly bodyMode: 'auto' | 'storage' | 'view'
  /** Display names by account id, user key or user name. */
  userNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** For include and excerpt-include; the space is the page's own unless the macro names one. */
  include(spaceKey: string, title: string): Promise<Included>
  /** For children and page tree. `root` is a title in `spaceKey`, or this page (`@self`), its parent, or the space's home (`@home`). */
  children(
    root: {
      readonly title?: string
      readonly spaceKey?: string
      readonly special?: '@self' | '@parent' | '@home'
    },
    depth: number,
  ): Promise<readonly PageLink[]>
  /** For content by label: pages of these spaces (keys; empty = this space) that carry the labels. */
  labelled(query: {
    readonly labels: readonly string[]
    readonly any: boolean
    readonly spaceKeys: readonly string[]
    readonly limit: number
  }): Promise<readonly PageLink[]>
  /** Of a page's files, those that have these names, in the versions of now. */
  files(pageId: string, names: readonly string[]): Promise<ReadonlyMap<string, FileAddress>>
  /** Web address of a page by title, for links; says nothing about whether there is such a page. */
  pageUrl(spaceKey: string, title: string): string
  /** This page as the server renders it for the crawling account; at most one request. */
  view(): Promise<string>
}
