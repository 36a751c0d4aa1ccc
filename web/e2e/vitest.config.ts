// The browser tests: the real server, a real browser, no doubles.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['e2e/*.e2e.ts'],
    globalSetup: 'e2e/run/build.ts',
    fileParallelism: false, // one browser at a time: frames must come on time
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
})
