import { defineConfig } from 'vitest/config'

// The unit tests. Those in a real browser, under e2e, have a configuration of their own.
export default defineConfig({
  test: { include: ['sdk/test/**/*.test.ts', 'src/**/*.test.ts', 'games/**/*.test.ts'] },
})
