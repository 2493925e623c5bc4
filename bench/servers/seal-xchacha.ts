import { xchacha } from '../seal/xchacha.ts'
import { serveByHand } from './by-hand.ts'

serveByHand(xchacha)
