/** Names for jobs and pictures. */
import { randomBytes } from 'node:crypto'

/** Crockford's base 32: no i, l, o, u, so that an id can be read aloud. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** 12 random characters (60 bits), fit for file names, custom ids and addresses. */
export function newId(): string {
  return Array.from(randomBytes(12), (byte) => ALPHABET.charAt(byte % 32)).join('')
}
