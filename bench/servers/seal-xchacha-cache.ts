import { rememberingOpened } from '../seal/opened-cache.ts'
import { xchacha } from '../seal/xchacha.ts'
import { serveByHand } from './by-hand.ts'

serveByHand(rememberingOpened(xchacha))
