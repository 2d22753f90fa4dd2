/**
 * What every long call gets.
 *
 * @module
 */
export interface CallContext {
  readonly signal: AbortSignal
}
