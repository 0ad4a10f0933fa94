import { defineConfig } from 'vitest/config';

const reports = process.env.FRONT_REPORTS ?? 'reports';
const proxy = {
  '/api': {
    target: process.env.API_URL ?? 'http://127.0.0.1:8000',
    rewrite: (path) => path.replace(/^\/api/, ''),
  },
};

export default defineConfig({
  server: { proxy },
  preview: { proxy },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.js'],
    reporters: ['default', ['json', { outputFile: `${reports}/vitest.json` }]],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.js'],
      reporter: ['text', 'json-summary'],
      reportsDirectory: `${reports}/coverage`,
      reportOnFailure: true,
    },
  },
});
