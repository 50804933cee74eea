// Builds the GraphQL IDE into dist/playground. It stands apart from the apps: it
// has a React of its own, no trusted documents and no service worker.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { configOf, root } from './vite.mjs'

export async function buildPlayground() {
  if (!existsSync(join(root, 'playground/node_modules'))) return
  const config = configOf({ name: 'playground', base: '/playground/' })
  await build({ ...config, publicDir: false, plugins: [...config.plugins, noEmbeddedFonts], build: { ...config.build, manifest: false, chunkSizeWarningLimit: 2_000 }, logLevel: 'error' })
}

// GraphiQL's styles carry fonts as data: addresses; the page uses the apps' own.
const noEmbeddedFonts = {
  name: 'no-embedded-fonts',
  enforce: 'pre',
  transform: (code, id) => (id.endsWith('graphiql.css') ? code.replace(/@font-face\s*\{[^}]*\}/g, '') : undefined),
}
