import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The apps' own tests find the kit where the apps do. */
export default defineConfig({ resolve: { alias: { '@kit': fileURLToPath(new URL('kit', import.meta.url)) } } })
