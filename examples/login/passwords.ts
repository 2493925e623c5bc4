import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** What a guess costs. It is kept with each hash, so that it can be raised for those who come later. */
export interface Cost {
  /** Memory: 1 KiB for a block size of 8, doubled this many times. */
  readonly doublings: number
  readonly blockSize: number
  readonly rounds: number
}

// 32 MiB for each guess.  OWASP Password Storage Cheat Sheet, scrypt
const costOfNow: Cost = { doublings: 15, blockSize: 8, rounds: 3 }

const hashBytes = 32

/** What is kept of a password: its cost, its salt and its hash, with which nobody can log in. */
export async function hashPassword(password: string, cost: Cost = costOfNow): Promise<string> {
  const salt = randomBytes(16)
  const hash = await hashOf(password, salt, cost)
  const { doublings, blockSize, rounds } = cost
  return ['scrypt', doublings, blockSize, rounds, salt.toString('base64url'), hash.toString('base64url')].join(':')
}

/** Whether this is the password of which that is kept. Where nothing is kept it takes as long, and is not. */
export async function isPassword(password: string, kept: string | null): Promise<boolean> {
  const [, doublings, blockSize, rounds, salt = '', hash = ''] = kept?.split(':') ?? []
  const cost = { doublings: Number(doublings), blockSize: Number(blockSize), rounds: Number(rounds) }
  const given = await hashOf(password, Buffer.from(salt, 'base64url'), kept === null ? costOfNow : cost)
  const known = Buffer.from(hash, 'base64url')
  return known.length === given.length && timingSafeEqual(known, given)
}

function hashOf(password: string, salt: Buffer, { doublings, blockSize, rounds }: Cost): Promise<Buffer> {
  const text = password.normalize('NFC') // keyboards write é in more than one way
  const options = { N: 2 ** doublings, r: blockSize, p: rounds, maxmem: 128 * 1024 * 1024 }
  return new Promise((resolve, reject) => {
    scrypt(text, salt, hashBytes, options, (error, hash) => (error === null ? resolve(hash) : reject(error)))
  })
}
