/**
 * The description of the whole API, made from the same schemas that requests and answers are held against.
 *
 * @module
 */

import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { connectorTypeForm, connectorTypes } from '../platform/connector-types.ts'
import type { Door } from './context.ts'

/** To be called before any route; `/openapi.json` and `/docs` need no key. */
export async function describeApi(server: Door): Promise<void> {
  const settings = await settingsOfTypes()
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Outflow',
        version: '1.0.0',
        description:
          'The Unstructured Platform API, with more: events of a job, its documents one by one, previews, permissions by name.',
      },
      components: {
        securitySchemes: {
          apiKey: { type: 'apiKey', in: 'header', name: 'unstructured-api-key' },
          bearer: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ apiKey: [] }, { bearer: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => finished(jsonSchemaTransformObject(document), settings),
  })
  await server.register(swaggerUi, { routePrefix: '/docs' })
}

export function serveDescription(server: Door): void {
  server.get('/openapi.json', { schema: { hide: true }, handler: async () => server.swagger() })
}

type Schemas = Readonly<Record<string, object>>

interface Description {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: { readonly schemas?: Schemas }
}

interface Named {
  readonly type?: string
}

interface Operation {
  requestBody?: { required?: boolean; readonly content: Readonly<Record<string, { schema?: object }>> }
}

/** The settings of each kind of connector, by the name of their schema: `ConfluenceSource`. */
async function settingsOfTypes(): Promise<Schemas> {
  const types = await Promise.all(connectorTypes.map(({ name }) => connectorTypeForm(name)))
  const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)
  return Object.fromEntries(
    types.map(({ name, role, schema: { $schema, ...schema } }) => [capital(name) + capital(role), schema]),
  )
}

/** What zod cannot say, said; what nobody refers to, left out. */
function finished<Whole extends object>(whole: Whole, settings: Schemas): Whole {
  const description = whole as Description
  const schemas = { ...description.components?.schemas, ...settings }
  for (const path of Object.values(description.paths ?? {}))
    for (const operation of Object.values(path)) markOptional(operation, schemas)
  return tidied(
    { ...description, components: { ...description.components, schemas } },
    Object.keys(settings),
  ) as Whole
}

/** Every body is required, as Fastify describes it; one that may be `null` may be left out. */
function markOptional({ requestBody }: Operation, schemas: Schemas): void {
  if (!requestBody) return
  const mayBeNothing = Object.values(requestBody.content).some(({ schema = {} }) => {
    const name = '$ref' in schema ? referencesIn(schema)[0] : undefined
    const { anyOf = [] } = (name === undefined ? schema : schemas[name]) as { anyOf?: readonly Named[] }
    return anyOf.some(({ type }) => type === 'null')
  })
  if (mayBeNothing) requestBody.required = false
}

const component = /#\/components\/schemas\/([^"]+)/g

const referencesIn = (part: unknown): readonly string[] =>
  [...JSON.stringify(part ?? {}).matchAll(component)].map(([, name]) => name!)

/** Every schema comes twice, as it is sent and as it is answered; only what something refers to stays, under one name where it can. */
function tidied(description: Description, kept: readonly string[]): Description {
  const all = description.components?.schemas ?? {}
  const used = new Set<string>(kept)
  const follow = (part: unknown) => {
    for (const name of referencesIn(part)) {
      if (used.has(name)) continue
      used.add(name)
      follow(all[name])
    }
  }
  follow(description.paths)
  const nameOf = (name: string) => {
    const short = name.replace(/Input$/, '')
    return used.has(short) ? name : short
  }
  const schemas = Object.fromEntries([...used].map((name) => [nameOf(name), all[name]]))
  const text = JSON.stringify({ ...description, components: { ...description.components, schemas } })
  return JSON.parse(text.replaceAll(component, (_, name: string) => `#/components/schemas/${nameOf(name)}`))
}
