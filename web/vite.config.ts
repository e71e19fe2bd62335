// Builds the watch floor into dist/, which the node embeds. Everything is served from the same
// origin under a strict content security policy: no inline script, no other host.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  resolve: {
    // The parts of milsymbol that are used; its front door would bring every icon set.
    alias: { 'milsymbol/parts': fileURLToPath(new URL('node_modules/milsymbol/index.mjs', import.meta.url)) },
  },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    fs: { allow: ['..'] },
    proxy: {
      '/api': process.env.RENKEI_NODE ?? 'http://127.0.0.1:4001',
      '/signin': process.env.RENKEI_NODE ?? 'http://127.0.0.1:4001',
      '/ws': { target: process.env.RENKEI_NODE ?? 'http://127.0.0.1:4001', ws: true },
    },
  },
  test: { include: ['src/**/*.test.ts', 'scripts/**/*.test.mjs'], environment: 'node' },
});
