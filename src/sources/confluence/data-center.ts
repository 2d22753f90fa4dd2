/**
 * Confluence Data Center behind the common interface.
 *
 * @module
 */

import type { ConfluenceApi } from './api.ts'
import { createDataCenterComments } from './comments/data-center.ts'
import { createDataCenterAccess } from './data-center-access.ts'
import { createDataCenterContent } from './data-center-content.ts'
import { abilitiesOf } from './data-center-version.ts'
import { createDataCenterFiles } from './files/data-center.ts'
import type { Seat } from './seat.ts'

export function createDataCenter(seat: Seat): ConfluenceApi {
  const can = abilitiesOf(seat.site.version)
  return {
    site: seat.site,
    now: () => Date.now() + seat.http.clockAhead(),
    ...createDataCenterContent(seat, can),
    ...createDataCenterComments(seat, can),
    ...createDataCenterFiles(seat),
    ...createDataCenterAccess(seat, can),
    linkTo: (id) => `${seat.site.webUrl}/pages/viewpage.action?pageId=${id}`,
  }
}
