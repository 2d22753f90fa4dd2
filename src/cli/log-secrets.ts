/**
 * Blacks out secrets in lines of a log: those of this process, and whatever has the form of one.
 *
 * @module
 */

import type { Environment } from '../platform/settings.ts'
import { redactor } from '../util/redact.ts'

/** Variables whose values are secret, by their names. */
const secretName = /KEY|SECRET|PASSWORD|TOKEN|HEADERS/
/** Variables whose values are addresses that may hold a password. */
const addressName = /URL|PROXY|ENDPOINT/i

/** What has the form of a secret: a password in an address, a credential in a header, a key of ours, a webhook's secret. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/(:\/\/[^\s/:@"]*:)[^\s/@"]+@/g, '$1[secret]@'],
  [/\b(Bearer|Basic) +[\w.~+/=-]{8,}/gi, '$1 [secret]'],
  [/\b(ofk_|whsec_)[\w+/=-]{16,}/g, '$1[secret]'],
]

/** @returns the line without them; it stays JSON */
export function secretsHidden(environment: Environment): (line: string) => string {
  const secrets = secretsOfEnvironment(environment)
  const escaped = secrets.map((secret) => JSON.stringify(secret).slice(1, -1))
  const redact = redactor([...new Set([...secrets, ...escaped])])
  return (line) => forms.reduce((text, [form, instead]) => text.replace(form, instead), redact(line))
}

function secretsOfEnvironment(environment: Environment): readonly string[] {
  return Object.entries(environment).flatMap(([name, value = '']) => {
    if (secretName.test(name)) return [value, ...value.split(/[,=\s]+/)].filter((part) => part.length >= 8)
    return addressName.test(name) ? passwordsOf(value) : []
  })
}

function passwordsOf(address: string): readonly string[] {
  const password = URL.parse(address)?.password ?? ''
  return password === '' ? [] : [password, decoded(password)]
}

/** A password may hold a percent sign that stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
