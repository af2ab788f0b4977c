// Runes everywhere, scoped styles, TypeScript without a preprocessor (the compiler strips erasable types itself).
/** @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
export default { compilerOptions: { runes: true } }
