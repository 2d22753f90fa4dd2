import { beforeAll, describe, expect, it } from 'vitest'
import { openDoor } from './door.ts'

interface Operation {
  readonly operationId?: string
  readonly security?: readonly unknown[]
  readonly responses: Readonly<Record<string, object>>
}

interface Description {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

let description: Description
let operations: readonly (Operation & { readonly route: string })[]

beforeAll(async () => {
  const door = await openDoor()
  description = (await door.call<Description>('GET', '/openapi.json')).body
  operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      route: `${method.toUpperCase()} ${path}`,
    })),
  )
})

/** As the reference's SDK calls them, at its paths. */
const contract: Readonly<Record<string, string>> = {
  ...connector('source'),
  ...connector('destination'),
  list_workflows: 'GET /api/v1/workflows/',
  create_workflow: 'POST /api/v1/workflows/',
  get_workflow: 'GET /api/v1/workflows/{workflow_id}',
  update_workflow: 'PUT /api/v1/workflows/{workflow_id}',
  delete_workflow: 'DELETE /api/v1/workflows/{workflow_id}',
  run_workflow: 'POST /api/v1/workflows/{workflow_id}/run',
  list_jobs: 'GET /api/v1/jobs/',
  create_job: 'POST /api/v1/jobs/',
  get_job: 'GET /api/v1/jobs/{job_id}',
  cancel_job: 'POST /api/v1/jobs/{job_id}/cancel',
  download_job_output: 'GET /api/v1/jobs/{job_id}/download',
  get_job_details: 'GET /api/v1/jobs/{job_id}/details',
  get_job_failed_files: 'GET /api/v1/jobs/{job_id}/failed-files',
  list_templates: 'GET /api/v1/templates/',
  get_template: 'GET /api/v1/templates/{template_id}',
  partition: 'POST /general/v0/general',
}

function connector(role: string): Record<string, string> {
  const all = `/api/v1/${role}s/`
  const one = `${all}{${role}_id}`
  return {
    [`list_${role}s`]: `GET ${all}`,
    [`create_${role}`]: `POST ${all}`,
    [`get_${role}`]: `GET ${one}`,
    [`update_${role}`]: `PUT ${one}`,
    [`delete_${role}`]: `DELETE ${one}`,
    [`create_connection_check_${role}s`]: `POST ${one}/connection-check`,
    [`get_connection_check_${role}s`]: `GET ${one}/connection-check`,
  }
}

describe('the description', () => {
  it('has the 30 operations of the contract, under their names', () => {
    const described = Object.fromEntries(operations.map(({ operationId, route }) => [operationId, route]))
    expect(Object.keys(contract)).toHaveLength(30)
    expect(described).toMatchObject(contract)
  })

  it('is of OpenAPI 3.1, with a name of its own for every operation', () => {
    expect(description.openapi).toBe('3.1.0')
    const names = operations.map(({ operationId }) => operationId)
    expect(names).not.toContain(undefined)
    expect(new Set(names).size).toBe(names.length)
  })

  it('refers to nothing that is not there, and holds nothing that is not used but settings of connectors', () => {
    const text = JSON.stringify(description)
    const used = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!))
    const there = Object.keys(description.components.schemas)
    expect([...used].filter((name) => !there.includes(name))).toEqual([])
    expect(there.filter((name) => !used.has(name)).sort()).toEqual([
      'ConfluenceSource',
      'LocalDestination',
      'PostgresDestination',
    ])
  })

  it('says how every operation can fail', () => {
    const silent = operations.filter(
      ({ security, responses }) =>
        security === undefined && !['401', '403', '422', '500', '503'].every((s) => s in responses),
    )
    expect(silent.map(({ route }) => route)).toEqual([])
    const mayMiss = operations.filter(({ route }) => route.includes('{'))
    expect(mayMiss.filter(({ responses }) => !('404' in responses)).map(({ route }) => route)).toEqual([])
  })
})
