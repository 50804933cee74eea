import 'graphiql/graphiql.css'
import '@kit/tokens.css'
import './playground.css'
import { createRoot } from 'react-dom/client'
import { Playground } from './playground'
import { demo } from './who'

createRoot(document.getElementById('root')!).render(<Playground logins={await demo()} />)
