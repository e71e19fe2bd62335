// Svelte 5 in runes mode everywhere, so that one way of keeping state is in use.
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
};
