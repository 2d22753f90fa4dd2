/**
 * English that reads like the wiki of a water works: word lists, and the sentences and titles made of them.
 *
 * @module
 */

import type { Random } from './random.ts'

const words = (list: string): readonly string[] => list.split('|').map((word) => word.trim())

const subjects = words(`
  the night shift | the control room | our laboratory | the maintenance team | each station |
  the duty engineer | the new pump | the supplier | the planning office | every operator |
  the telemetry gateway | the release group | the workshop | our contractor | the second reservoir |
  the billing service | the valve controller | the field crew
`)
const verbs = words(`
  checks | records | replaces | reviews | documents | measures | approves | schedules | compares |
  reports | calibrates | inspects | confirms | forwards | archives | samples
`)
export const objects = words(`
  the pressure log | all inlet valves | the weekly figures | the spare parts list |
  every alarm above level two | the turbidity readings | the work order | the handover notes |
  the chlorine dosage | the flow curve | the change request | the backup schedule | the access list |
  the firmware version | the cleaning plan | the customer notice
`)
export const circumstances = words(`
  before the handover | twice a week | as soon as the alarm clears | unless the plan says otherwise |
  during the dry season | without waiting for the meeting | within four hours |
  after each calibration | when demand is low | at the end of the quarter |
  together with the district office | from the mobile app | on the first working day of the month |
  while the bypass is open
`)
const openings = words(`
  As a rule, | In practice, | Since last spring, | To keep costs down, | For historical reasons, |
  If in doubt, | Outside office hours, | According to the permit, | On most days, |
  Where two lines meet,
`)
const joints = [', and', ', but', ', because', ', so that', '; meanwhile', ', although'] as const
export const adjectives = words(`
  Northern | Seasonal | Revised | Shared | Emergency | Annual | Manual | Remote | Provisional |
  Internal | Central | Backup | Quarterly | Common | Regional | Automatic
`)
export const topics = words(`
  pump maintenance | pressure zones | laboratory sampling | valve inventory | incident review |
  telemetry | shift planning | permit renewal | reservoir cleaning | leak detection |
  meter exchange | billing runs | supplier contacts | pipe survey | alarm handling |
  filter replacement | flood defence | energy use | staff training | stock keeping
`)
const documentKinds = words(`
  guide | checklist | overview | decision | report | runbook | minutes | proposal | handbook |
  notes
`)
export const labels = words(`
  pumps | runbook | safety | minutes | draft | permit | laboratory | telemetry | how-to |
  archive-2023 | review | finance
`)

export function labelsOf(random: Random): readonly string[] {
  const count = random.chance(0.4) ? 1 + random.below(3) : 0
  return [...new Set(Array.from({ length: count }, () => random.pick(labels)))].sort()
}

/** Not unique by itself: the caller adds a number. */
export function titleOf(random: Random): string {
  return `${random.pick(adjectives)} ${random.pick(topics)} ${random.pick(documentKinds)}`
}

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function clause(random: Random): string {
  return `${random.pick(subjects)} ${random.pick(verbs)} ${random.pick(objects)}`
}

export function sentence(random: Random): string {
  const opening = random.chance(0.3) ? `${random.pick(openings)} ` : ''
  const more = random.chance(0.4) ? `${random.pick(joints)} ${clause(random)}` : ''
  return `${capital(`${opening}${clause(random)} ${random.pick(circumstances)}${more}`)}.`
}
