/**
 * A sample Confluence on loopback: for the demo, for tests and for benchmarks.
 *
 * @module
 */

export type { Fault } from './faults/fault.ts'
export { parseFault } from './faults/grammar.ts'
export { folderWorld } from './folder.ts'
export { type GeneratedOptions, generatedWorld } from './generated.ts'
export { type MemoryWorld, memoryWorld } from './memory-world.ts'
export { sampleWorld } from './sample/sample-world.ts'
export { type Sandbox, type SandboxOptions, startSandbox } from './server.ts'
export { parseTrap } from './trap-grammar.ts'
export type { World } from './world.ts'
