import { rememberingOpened } from '../seal/opened-cache.ts'
import { xaes } from '../seal/xaes.ts'
import { serveByHand } from './by-hand.ts'

serveByHand(rememberingOpened(xaes))
