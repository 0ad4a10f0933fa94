import { defineConfig } from '@playwright/test';

// PW_BASE_URL is the address of an application that already runs. Without it the tests start one
// themselves, by serve.sh: the migrations, the API and the built page.
const running = process.env.PW_BASE_URL;
const port = process.env.FRONT_PORT ?? '4173';
const address = `http://127.0.0.1:${port}`;
const reports = process.env.E2E_REPORTS ?? 'reports';

export default defineConfig({
  testDir: 'tests',
  outputDir: `${reports}/traces`,
  timeout: 15_000,
  expect: { timeout: 2_500 },
  // A test that needs its second try is shown as flaky: it is not hidden.
  retries: 1,
  workers: 1,
  reporter: [['list'], ['json', { outputFile: `${reports}/playwright.json` }]],
  use: {
    baseURL: running ?? address,
    actionTimeout: 2_500,
    trace: process.env.CI ? 'off' : 'retain-on-failure',
    launchOptions: { executablePath: process.env.CHROMIUM || undefined },
  },
  webServer: running
    ? undefined
    : {
        command: `bash serve.sh ${port}`,
        url: address,
        timeout: 60_000,
        stdout: 'pipe',
        gracefulShutdown: { signal: 'SIGTERM', timeout: 3_000 },
      },
});
