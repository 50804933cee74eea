// How an app is built and served while it is written.
import { fileURLToPath } from 'node:url'
import optimizeLocales from '@react-aria/optimize-locales-plugin'
import react from '@vitejs/plugin-react'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** @param {{ name: string, base: string }} app */
export function configOf(app) {
  return {
    configFile: false,
    root: `${root}${app.name}`,
    base: app.base,
    publicDir: `${root}kit/public`,
    plugins: [react(), { ...optimizeLocales.vite({ locales: ['ko-KR', 'en-GB', 'en-US'] }), enforce: 'pre' }],
    resolve: { alias: { '@kit': `${root}kit` } },
    build: {
      outDir: `${root}dist/${app.name}`,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0, // the content security policy lets no data: script or font in
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1_000,
      manifest: '.vite/manifest.json',
    },
    server: {
      host: '127.0.0.1',
      proxy: {
        '/graphql': { target: process.env.DURE_URL ?? 'http://127.0.0.1:8080', ws: true },
        '/files': process.env.DURE_URL ?? 'http://127.0.0.1:8080',
        '/media': process.env.DURE_URL ?? 'http://127.0.0.1:8080',
      },
    },
  }
}
