/**
 * The description of the whole API, made from the same schemas that requests and answers are held against.
 *
 * @module
 */

import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { Door } from './context.ts'

/** To be called before any route; `/openapi.json` and `/docs` need no key. */
export async function describeApi(server: Door): Promise<void> {
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
    transformObject: (document) => tidied(jsonSchemaTransformObject(document)),
  })
  await server.register(swaggerUi, { routePrefix: '/docs' })
}

export function serveDescription(server: Door): void {
  server.get('/openapi.json', { schema: { hide: true }, handler: async () => server.swagger() })
}

interface Description {
  readonly paths?: object
  readonly components?: { readonly schemas?: Readonly<Record<string, object>> }
}

const component = /#\/components\/schemas\/([^"]+)/g

/** Every schema comes twice, as it is sent and as it is answered; only what something refers to stays, under one name where it can. */
function tidied<Whole extends object>(whole: Whole): Whole {
  const description: Description = whole
  const all = description.components?.schemas ?? {}
  const used = new Set<string>()
  const follow = (part: unknown) => {
    for (const [, name] of JSON.stringify(part ?? {}).matchAll(component)) {
      if (used.has(name!)) continue
      used.add(name!)
      follow(all[name!])
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
