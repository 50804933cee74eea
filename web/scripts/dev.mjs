// npm run dev -- dealer: one app with instant reload, over a running server
// (DURE_URL, default http://127.0.0.1:8080).
import { createServer } from 'vite'
import { apps } from './apps.mjs'
import { configOf } from './vite.mjs'

const name = process.argv[2] ?? 'dealer'
const app = apps.find((a) => a.name === name)
if (!app) throw new Error(`no app ${name}: one of ${apps.map((a) => a.name).join(', ')}`)
const server = await createServer(configOf(app))
await server.listen()
server.printUrls()
