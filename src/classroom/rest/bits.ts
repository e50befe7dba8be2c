import { badField } from '../errors.ts'

/** Permission bits of a request: decimal text or a number. @throws 50035 */
export function readBits(value: unknown, field: string): bigint {
  if (value === undefined || value === null) return 0n
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value)
  throw badField([field], 'NUMBER_TYPE_COERCE', 'Value is not an integer.')
}
