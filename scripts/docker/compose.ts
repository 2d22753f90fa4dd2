/**
 * What can be told of compose.yaml without an engine.
 *
 * @module
 */

import { parse } from 'yaml'

interface Service {
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly read_only?: boolean
  readonly build?: { readonly dockerfile: string }
  readonly depends_on?: Readonly<Record<string, unknown>>
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
}

/**
 * @param documented names of environment variables that docs/operate.md explains
 * @param generated names that `secrets.sh` fills in
 * @returns what is wrong
 */
export function composeProblems(
  text: string,
  documented: ReadonlySet<string>,
  generated: ReadonlySet<string>,
): readonly string[] {
  const { services, volumes } = parse(text, { merge: true }) as Compose
  const problems: string[] = []
  for (const name of ['app', 'worker', 'postgres'])
    if (!(name in services)) problems.push(`compose.yaml has no service ${name}`)
  for (const [name, service] of Object.entries(services)) {
    for (const volume of service.volumes ?? [])
      if (!(volume.split(':')[0]! in volumes)) problems.push(`${name}: the volume ${volume} is not declared`)
    for (const other of Object.keys(service.depends_on ?? {}))
      if (!(other in services)) problems.push(`${name}: depends on ${other}, which is not there`)
    if (!service.build) continue
    if (!service.read_only) problems.push(`${name}: its root can be written to`)
    for (const variable of Object.keys(service.environment ?? {}))
      if (!documented.has(variable)) problems.push(`${name}: ${variable} is not in docs/operate.md`)
  }
  const required = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, variable]) => variable!)
  for (const variable of new Set(required))
    if (!generated.has(variable)) problems.push(`${variable} is required, and secrets.sh does not make it`)
  for (const [line] of text.matchAll(/^.*(?:SECRET|PASSWORD|KEY)\w*: .*$/gm))
    if (!line.includes('${')) problems.push(`a secret stands in it: ${line.trim()}`)
  return problems
}
