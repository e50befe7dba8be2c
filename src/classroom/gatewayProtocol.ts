/** Numbers of the gateway (documentation, "Gateway Opcodes" and "Gateway Close Event Codes"). */

export const Op = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voice: 4,
  resume: 6,
  reconnect: 7,
  requestMembers: 8,
  invalidSession: 9,
  hello: 10,
  ack: 11,
} as const

export const Close = {
  unknownOpcode: 4001,
  decode: 4002,
  notAuthenticated: 4003,
  wrongToken: 4004,
  authenticatedTwice: 4005,
  invalidSequence: 4007,
  timedOut: 4009,
  invalidVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const

export const frame = (op: number, d: unknown = null): string => JSON.stringify({ op, d, s: null, t: null })
