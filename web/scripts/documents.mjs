// Writes dist/<app>.documents.json: every operation that the app can send, by the
// SHA-256 of its text, as DURE_DOCUMENTS takes them. The app's modules are loaded
// and asked, so the texts are exactly those that go over the wire. An operation
// that its persona's schema doesn't know fails the build.
import { createHash } from 'node:crypto'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatDocument, stringifyDocument } from '@urql/core'
import { buildSchema, parse, validate } from 'graphql'
import { createServer } from 'vite'
import { configOf, root } from './vite.mjs'

export async function exportDocuments(apps) {
  for (const app of apps) {
    const schema = buildSchema(await readFile(join(root, 'schema', `${app.persona}.graphql`), 'utf8'))
    const documents = {}
    for (const document of await operationsOf(app)) {
      const text = stringifyDocument(formatDocument(document))
      const errors = validate(schema, parse(text))
      if (errors.length > 0) throw new Error(`${app.name}: ${errors[0].message} in\n${text}`)
      documents[createHash('sha256').update(text).digest('hex')] = text
    }
    await writeFile(join(root, 'dist', `${app.name}.documents.json`), JSON.stringify(documents, null, 1) + '\n')
    console.log(`${app.name}: ${Object.keys(documents).length} trusted documents`)
  }
}

async function operationsOf(app) {
  const server = await createServer({ ...configOf(app), logLevel: 'error', server: { middlewareMode: true, ws: false, hmr: false, watch: null }, appType: 'custom', optimizeDeps: { noDiscovery: true } })
  try {
    for (const folder of [app.name, 'kit']) {
      for (const f of await readdir(join(root, folder), { recursive: true })) {
        if (!/\.tsx?$/.test(f) || /\.test\.tsx?$|\.d\.ts$|^main\.tsx$/.test(f)) continue
        const path = join(root, folder, f)
        if (!(await readFile(path, 'utf8')).includes('graphql(')) continue
        await server.ssrLoadModule(path)
      }
    }
    const { documents } = await server.ssrLoadModule(join(root, 'kit/documents.ts'))
    return documents.filter((d) => d.definitions.some((x) => x.kind === 'OperationDefinition'))
  } finally {
    await server.close()
  }
}
