/**
 * Who may read, update and delete a document.
 *
 * The flat form is the reference's (`data_source.permissions_data` of unstructured-ingest); status and rules stand beside it.
 *
 * @module
 */

/** Ids as the source knows them, sorted, without duplicates. Cloud: account ids and group ids. Data Center: user keys and group names. */
export interface PrincipalIds {
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

/** Exactly three one-key objects, in this order: the shape consumers of Unstructured's output expect. */
export type PermissionsData = readonly [
  { readonly read: PrincipalIds },
  { readonly update: PrincipalIds },
  { readonly delete: PrincipalIds },
]

/**
 * - `complete`: the flat lists are exact.
 * - `partial`: everybody listed may, but somebody who may could be missing (memberships could not be read).
 * - `unknown`: nothing could be established; all lists are empty, so nobody is let in.
 */
export type PermissionsStatus = 'complete' | 'partial' | 'unknown'

/** One layer that a reader has to pass: any of these principals will do. */
export interface PermissionLayer {
  /** Where the layer comes from, by name: `space HR`, `page "Payroll" (123)`, `folder "Board" (77)`. */
  readonly from: string
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

/** The AND of ORs behind the flat lists: every layer must be passed. */
export interface PermissionRules {
  readonly read: readonly PermissionLayer[]
  readonly update: readonly PermissionLayer[]
  readonly delete: readonly PermissionLayer[]
}

export interface DocumentPermissions {
  readonly data: PermissionsData
  readonly status: PermissionsStatus
  /** Why the status is not `complete`. */
  readonly reason?: string
  readonly rules: PermissionRules
}

/** Fail closed: empty lists, and the reason why. */
export function unknownPermissions(reason: string): DocumentPermissions {
  const nobody: PrincipalIds = { users: [], groups: [] }
  return {
    data: [{ read: nobody }, { update: nobody }, { delete: nobody }],
    status: 'unknown',
    reason,
    rules: { read: [], update: [], delete: [] },
  }
}

/** What elements carry of a document's permissions; nobody is let in by what is missing. */
export function permissionsOf(
  fields: Partial<ReturnType<typeof permissionFields>> | undefined,
): DocumentPermissions {
  const { permissions_data: data, permissions_status: status, permissions_rules: rules } = fields ?? {}
  if (!data || !status || !rules) return unknownPermissions('Its elements carry no permissions.')
  const reason = fields?.permissions_reason
  return { data, status, rules, ...(reason !== undefined && { reason }) }
}

/** The fields in which a document's elements carry its permissions; the same order everywhere. */
export function permissionFields({ data, status, reason, rules }: DocumentPermissions) {
  return {
    permissions_data: data,
    permissions_status: status,
    ...(reason !== undefined && { permissions_reason: reason }),
    permissions_rules: rules,
  }
}
