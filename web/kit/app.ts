/** Which of the apps this is; each mounts with its own. */
export type App = {
  name: 'dealer' | 'rep' | 'hq' | 'link'
  /** The persona that signs in here. */
  persona: 'DEALER' | 'REP' | 'HQ' | 'CUSTOMER'
  base: string
}

let current: App | undefined

/** setApp is called once, before anything of the kit is used. */
export function setApp(app: App) {
  current = app
}

/** app returns the running app. It throws when main forgot to say. */
export function app(): App {
  if (!current) throw new Error('setApp was not called')
  return current
}
