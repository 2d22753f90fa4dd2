/**
 * Confluence Cloud behind the common interface.
 *
 * @module
 */

import type { ConfluenceApi } from './api.ts'
import { createCloudAccess } from './cloud-access.ts'
import { createCloudAnnotations } from './cloud-annotations.ts'
import { createCloudContent } from './cloud-content.ts'
import { createCloudComments } from './comments/cloud.ts'
import { createCloudFiles } from './files/cloud.ts'
import type { Seat } from './seat.ts'

export function createCloud(seat: Seat): ConfluenceApi {
  return {
    site: seat.site,
    now: () => Date.now() + seat.http.clockAhead(),
    ...createCloudContent(seat),
    ...createCloudAnnotations(seat),
    ...createCloudComments(seat),
    ...createCloudFiles(seat),
    ...createCloudAccess(seat),
    linkTo: (id, spaceKey) => `${seat.site.webUrl}/spaces/${encodeURIComponent(spaceKey)}/pages/${id}`,
  }
}
