import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Many tests wait more than they compute: for answers that are late on purpose, for processes, for a database.
    maxWorkers: 3,
  },
})
