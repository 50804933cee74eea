import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createClient } from 'graphql-ws'
import { type FormEvent, useEffect, useState } from 'react'
import { type Language, startLanguage, type Words, wordsOf } from './words'
import { current, type DemoLogin, enter, Refused, type Who } from './who'

const tabs = [
  { query: '# 나는 누구인가요?  Who am I?\nquery WhoAmI {\n  viewer {\n    persona\n    user { name }\n    organization { name }\n  }\n}\n' },
  { query: '# 순위가 바뀔 때마다 알려 주세요.  Tell me whenever the board moves.\nsubscription BoardMoves {\n  leaderboardChanged(scope: NATION) {\n    size\n    moved { dealer { name } fromRank toRank points }\n    top(first: 3) { rank points dealer { name } }\n  }\n}\n' },
]

/** Playground is the IDE with a bar that says through whose eyes the schema is seen. */
export function Playground({ logins }: { logins: DemoLogin[] }) {
  const [language, setLanguage] = useState<Language>(startLanguage)
  const [who, setWho] = useState<Who | null>(null)
  const [asking, setAsking] = useState(false)
  const [problem, setProblem] = useState('')
  const w = wordsOf(language)
  useEffect(() => {
    document.documentElement.lang = language
    document.title = `Dure · ${w.title}`
  }, [language, w])
  const speak = () => {
    const next = language === 'ko' ? 'en' : 'ko'
    localStorage.setItem('dure.language', next)
    setLanguage(next)
  }
  const come = async (login: string, password: string) => {
    setProblem('')
    try {
      setWho(await enter(login, password, language))
      setAsking(false)
    } catch (e) {
      setProblem(e instanceof Refused ? e.message || w.lost : w.refused)
    }
  }
  return (
    <>
      <header className="bar">
        <h1><a href="/">Dure</a> <span>{w.title}</span></h1>
        {logins.length > 0 && (
          <div className="people" role="group" aria-label={w.as} title={w.hint}>
            {logins.map((l) => (
              <button key={l.login} type="button" aria-pressed={who?.login === l.login} data-login={l.login} onClick={() => void come(l.login, l.password)}>{l[language]}</button>
            ))}
          </div>
        )}
        <button type="button" aria-expanded={asking} onClick={() => setAsking(!asking)}>{logins.length > 0 ? w.token : w.open}</button>
        <p className="who" role="status" data-testid="who">{who ? (who.name ? w.signedIn.replace('{name}', who.name) : w.pasted) : w.nobody}</p>
        {who && <button type="button" onClick={() => setWho(null)}>{w.signOut}</button>}
        <button type="button" lang={language === 'ko' ? 'en' : 'ko'} onClick={speak}>{w.other}</button>
      </header>
      {asking && <Ask w={w} onEnter={come} onToken={(accessToken) => { setWho({ name: '', accessToken }); setAsking(false) }} />}
      {problem && <p className="problem" role="alert">{problem}</p>}
      <main aria-label={w.tool}>
        <Editor key={who ? (who.login ?? who.accessToken) : ''} who={who} />
      </main>
    </>
  )
}

function Ask({ w, onEnter, onToken }: { w: Words; onEnter: (login: string, password: string) => Promise<void>; onToken: (token: string) => void }) {
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [pasted, setPasted] = useState('')
  const byToken = (e: FormEvent) => {
    e.preventDefault()
    onToken(pasted.trim().replace(/^Bearer\s+/i, ''))
  }
  const byLogin = (e: FormEvent) => {
    e.preventDefault()
    void onEnter(login.trim(), password)
  }
  return (
    <section className="ask" aria-label={w.open}>
      <form onSubmit={byToken}>
        <label>{w.paste}<input name="token" type="password" autoComplete="off" required value={pasted} onChange={(e) => setPasted(e.target.value)} /></label>
        <button type="submit">{w.use}</button>
      </form>
      <span>{w.or}</span>
      <form onSubmit={byLogin}>
        <label>{w.login}<input name="login" type="email" autoComplete="username" required value={login} onChange={(e) => setLogin(e.target.value)} /></label>
        <label>{w.password}<input name="password" type="password" autoComplete="current-password" required value={password} onChange={(e) => setPassword(e.target.value)} /></label>
        <button type="submit">{w.enter}</button>
      </form>
    </section>
  )
}

/** Editor is GraphiQL for one person. */
function Editor({ who }: { who: Who | null }) {
  const [line] = useState(() => connect(who))
  useEffect(() => () => void line.socket.dispose(), [line])
  return <GraphiQL fetcher={line.fetcher} defaultTabs={tabs} shouldPersistHeaders={false} forcedTheme="light" inputValueDeprecation schemaDescription />
}

/** connect asks as one person, or as nobody: queries by HTTP, subscriptions over one WebSocket, in the page's language. */
function connect(start: Who | null) {
  let who = start
  const language = () => document.documentElement.lang
  const bearer = async () => {
    if (!who) return undefined
    who = await current(who, language())
    return `Bearer ${who.accessToken}`
  }
  const socket = createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    lazy: true,
    connectionParams: async () => ({ authorization: await bearer(), acceptLanguage: language() }),
  })
  const plain = createGraphiQLFetcher({ url: '/graphql', wsClient: socket, enableIncrementalDelivery: false })
  const fetcher = async (...[params, options]: Parameters<Fetcher>) => {
    const authorization = await bearer()
    return plain(params, { ...options, headers: { 'Accept-Language': language(), ...(authorization ? { Authorization: authorization } : {}), ...options?.headers } })
  }
  return { socket, fetcher: fetcher as Fetcher }
}
