// Types each app's operations from its persona's schema; with --check also
// typechecks the whole workspace.
import { execFileSync } from 'node:child_process'
import { apps } from './apps.mjs'
import { root } from './vite.mjs'

const run = (command, ...args) => execFileSync(`${root}node_modules/.bin/${command}`, args, { cwd: root, stdio: 'inherit' })
const folders = ['kit', ...apps.map((a) => a.name)]
for (const folder of folders) run('gql.tada', 'generate-output', '--tsconfig', `${folder}/tsconfig.json`)
if (process.argv.includes('--check')) for (const folder of [...folders, 'playground']) run('tsc', '-p', `${folder}/tsconfig.json`)
