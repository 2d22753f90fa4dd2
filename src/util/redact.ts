/**
 * Keeps secrets out of text that came from elsewhere.
 *
 * @module
 */

/** Below this, a "secret" would black out ordinary words. */
const shortestSecret = 4

/**
 * Replaces each of the secrets that a text holds, in any case of letters (a host name has none), also where it is URL-encoded. For text of others, such as a server's
 * error message that echoes what it was sent; our own messages never hold one to begin with.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= shortestSecret)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .sort((one, other) => other.length - one.length)
  const patterns = forms.map((form) => new RegExp(form.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi'))
  return (text) => patterns.reduce((clean, pattern) => clean.replaceAll(pattern, '[secret]'), text)
}

/** What must not be shown of an `Authorization` header: the credential, and for Basic the password in it. */
export function secretsOf(authorization: string | undefined): string[] {
  const [scheme = '', credential = ''] = (authorization ?? '').split(' ', 2)
  if (scheme.toLowerCase() !== 'basic') return [credential]
  const decoded = Buffer.from(credential, 'base64').toString()
  return [credential, decoded.slice(decoded.indexOf(':') + 1)]
}
