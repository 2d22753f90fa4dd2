/**
 * The `Retry-After` header in every form that servers send.
 *
 * @module
 */

/**
 * Seconds to wait; never negative, never NaN. `undefined` when the header is absent or says nothing intelligible.
 * Takes whole and fractional seconds, an HTTP or ISO date, and 2^63-1 (a blocked user of Confluence Data Center), which
 * comes back as the huge number it is.
 *
 * @param now Epoch milliseconds.
 */
export function parseRetryAfter(
  header: string | string[] | undefined,
  now: number = Date.now(),
): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  if (!/[A-Za-z]/.test(text)) return undefined
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000)
}
