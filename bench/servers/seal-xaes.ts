import { xaes } from '../seal/xaes.ts'
import { serveByHand } from './by-hand.ts'

serveByHand(xaes)
