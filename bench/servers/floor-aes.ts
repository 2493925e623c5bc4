import { gcm } from '../seal/gcm.ts'
import { serveByHand } from './by-hand.ts'

serveByHand(gcm)
