import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { packed } from './plugins/packed';

// Oldest browsers supported: Chrome and Edge 111, Firefox 114, Safari 16.4 (spring 2023); see docs/console.md.
export default defineConfig({
  base: '/console/',
  plugins: [react(), packed()],
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../app/platform/web/console/built/console',
    emptyOutDir: true,
    target: ['chrome111', 'edge111', 'firefox114', 'safari16.4'],
    manifest: 'manifest.json',
    chunkSizeWarningLimit: 1500,
  },
  test: { include: ['src/**/*.test.ts'] },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
});
