/** The bot of a test dies at a chosen line around a send. */
import type { Darkroom } from './darkroom.ts'

export const crashPoints = [
  'before the intent',
  'after the intent',
  'after Discord has it',
  'after the end',
] as const
export type CrashPoint = (typeof crashPoints)[number]

class Died extends Error {
  override readonly name = 'Died'
}

/**
 * From the moment when a send whose key fits reaches the point, nothing of this bot is stored or sent any more, as if the
 * process were gone. `restart` then starts another one on the same data.
 * @returns whether it has died
 */
export function crashAt({ services, bot }: Darkroom, point: CrashPoint, isIt: (key: string) => boolean) {
  const { sends } = services
  const real = { ...sends }
  let isDead = false
  const mustLive = () => {
    if (isDead) throw new Died('died')
  }
  const dieAt = (here: CrashPoint, key: string) => {
    mustLive()
    isDead = point === here && isIt(key)
    mustLive()
  }
  Object.assign(sends, {
    plan(plans) {
      mustLive()
      real.plan(plans)
    },
    begin(key, way) {
      dieAt('before the intent', key)
      const send = real.begin(key, way)
      dieAt('after the intent', key)
      return send
    },
    done(key, message, also) {
      dieAt('after Discord has it', key)
      real.done(key, message, also)
      dieAt('after the end', key)
    },
  } satisfies Partial<typeof sends>)
  const { options } = bot.client.rest
  const send = options.makeRequest.bind(options)
  options.makeRequest = (url, init) => (isDead ? Promise.reject(new Died('died')) : send(url, init))
  return () => isDead
}
