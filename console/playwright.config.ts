import { defineConfig } from '@playwright/test';

// The service, its data and its accounts come from outside (tests/console/test_flows.py): BASE_URL, ACCOUNTS, CHROMIUM.
export default defineConfig({
  testDir: 'flows',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 1,
  reporter: [['line']],
  use: {
    baseURL: process.env.BASE_URL,
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: process.env.CHROMIUM, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] },
    screenshot: 'only-on-failure',
  },
});
