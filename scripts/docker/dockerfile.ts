/**
 * Reads a Dockerfile as far as ours goes: stages, and in each what is done, in order.
 *
 * @module
 */

export interface Instruction {
  readonly name: string
  readonly text: string
}

export interface Stage {
  readonly name: string | undefined
  readonly instructions: readonly Instruction[]
}

const known = /^(ARG|FROM|WORKDIR|COPY|RUN|ENV|USER|VOLUME|EXPOSE|HEALTHCHECK|ENTRYPOINT|CMD)$/

/** @throws for an instruction that whoever replays it would pass over */
export function parseDockerfile(text: string): readonly Stage[] {
  const lines = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n/g, ' ')
  const stages: { name: string | undefined; instructions: Instruction[] }[] = []
  for (const line of lines.split('\n').filter((each) => each.trim() !== '')) {
    const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? []
    if (!known.test(name)) throw new Error(`No replay for: ${line}`)
    if (name === 'FROM') stages.push({ name: /\bAS\s+(\S+)$/.exec(rest)?.[1], instructions: [] })
    else if (stages.length > 0) stages.at(-1)!.instructions.push({ name, text: rest.replaceAll(/\s+/g, ' ') })
  }
  return stages
}

/** The last instruction of a name in a stage. */
export function lastOf({ instructions }: Stage, name: string): string | undefined {
  return instructions.findLast((each) => each.name === name)?.text
}

/** A command in its exec form, whatever flags stand before it. */
export function execForm(text: string): readonly string[] {
  return JSON.parse(text.slice(text.indexOf('['))) as string[]
}

/** What a rule against secrets in layers can see: names that promise one. */
export function secretsIn(stages: readonly Stage[]): readonly string[] {
  return stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ name }) => name === 'ENV' || name === 'ARG')
    .filter(({ text }) => /SECRET|PASSWORD|TOKEN|_KEY|DATABASE_URL/.test(text))
    .map(({ name, text }) => `${name} ${text}`)
}
