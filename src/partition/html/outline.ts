/**
 * Where in its document an element stands: the headings above it and the address of the nearest of them.
 *
 * @module
 */

import type { ElementMetadata } from '../../model/element.ts'

export interface Outline {
  /** Enters a heading, and puts on its own metadata what is above it. */
  heading(heading: Heading, metadata: ElementMetadata): void
  /** Puts heading path and anchor address on an element that stands here. */
  mark(metadata: ElementMetadata): void
  /** An address as an absolute one, where the document's own is known. */
  absolute(url: string): string
}

interface Heading {
  readonly title: string
  /** 0 for `h1`. */
  readonly level: number
  /** Its anchor. */
  readonly id: string | undefined
}

/** A path that resolving only puts the origin before: no dots to follow, nothing to escape. */
const plainPath = /^\/(?!\/)(?!.*\/\.)[\w\-./~%?=&+:@,;!$'()*#]*$/

/** An anchor with nothing to escape. */
const plainAnchor = /^[\w.:-]*$/

const hasScheme = /^[a-z][a-z0-9+.-]*:/i

/** @param address the document's own web address, if it has one. */
export function createOutline(address: string | undefined): Outline {
  const open: Heading[] = []
  /** Shared by all elements below the same heading. */
  let path: string[] = []
  let anchor: string | undefined

  const ownAddress = address?.split('#', 1)[0]

  function nearestAnchor(): string | undefined {
    const id = ownAddress === undefined ? undefined : open.findLast((heading) => heading.id)?.id
    return id && `${ownAddress}#${plainAnchor.test(id) ? id : encodeURI(id)}`
  }

  const mark = (metadata: ElementMetadata) => {
    if (path.length > 0) metadata.heading_path = path
    if (anchor !== undefined) metadata.anchor_url = anchor
  }

  const origin = address === undefined ? undefined : URL.parse(address)?.origin

  function absolute(url: string): string {
    if (origin === undefined || hasScheme.test(url)) return url
    return plainPath.test(url) ? origin + url : (URL.parse(url, address)?.href ?? url)
  }

  return {
    mark,
    absolute,
    heading(heading, metadata) {
      while (open.length > 0 && open.at(-1)!.level >= heading.level) open.pop()
      path = open.map(({ title }) => title)
      open.push(heading)
      anchor = nearestAnchor()
      mark(metadata)
      path = [...path, heading.title]
    },
  }
}
