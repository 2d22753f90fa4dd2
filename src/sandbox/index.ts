/**
 * A sample Confluence on loopback: for the demo, for tests and for benchmarks.
 *
 * @module
 */

export { type Sandbox, type SandboxOptions, startSandbox } from './server.ts'
