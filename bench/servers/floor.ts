import { plain } from '../seal/plain.ts'
import { serveByHand } from './by-hand.ts'

serveByHand(plain)
