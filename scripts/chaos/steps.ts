/** The words in which a plan is written. */

export const people = ['Ida', 'Ben', 'Mei', 'Noor'] as const
/** Somebody who asks for nothing before all is well again. */
export const newcomer = 'Zoe'
/** What they ask for, right after a flood. */
export const newcomerTag = 'newcomer'
export type PersonName = (typeof people)[number] | typeof newcomer

/** Requests of the bot to Discord, as they are told apart by method and path. */
export const routes = ['acknowledge', 'edit', 'result', 'note', 'message', 'thread', 'remove'] as const
export type RouteName = (typeof routes)[number]

export type MachineFault =
  | 'out of memory'
  | 'fails'
  | 'garbage'
  | 'bad gateway'
  | 'black picture'
  | 'dies in the middle'
  | 'hangs in the middle'
  | 'refuses connections'
  | 'answers nothing'
  | 'lies about progress'

export type ShopFault =
  | 'order arrives, answer is lost'
  | 'order is lost'
  | 'slow down'
  | 'bad gateway'
  | 'prediction fails'
  | 'picture is held back'
  | 'prediction hangs'
  | 'file is cut'

/** One person asks for something; what may follow (`…After`) is told in ms. */
export type Ask = {
  at: number
  do: 'ask'
  person: PersonName
  /** Stands in the prompt, so that every answer says which command it belongs to. */
  tag: string
  how: 'imagine' | 'remix' | 'experiment' | 'swapface'
  /** Who draws: the bot itself, one of the machines, or Replicate. */
  on: 'embedded' | 'machine' | 'shop'
  steps: number
  count: number
  seed: number
  /** Of a swap, which has no prompt: no two swaps of a run have the same two faces. */
  faces?: readonly [face: string, onto: string]
  /** Not before the bot is up: otherwise nothing of a flood would come when it is away in that moment. */
  whenUp?: boolean
  /** After the acknowledgement. */
  cancelAfter?: number
  /** After the picture was seen. */
  deleteAfter?: number
}

export type Step =
  | Ask
  | ({ at: number } & (
      | { do: 'kill'; downFor: number }
      /** kill -9 when the bot sends this: before anything is done with it, or when it is done but not yet answered. */
      | { do: 'crash point'; route: RouteName; when: 'before' | 'after'; downFor: number }
      | {
          do: 'discord'
          route: RouteName
          fault:
            | 'slow down'
            | 'slow down everywhere'
            | 'server error'
            | 'server error after'
            | 'cut before'
            | 'cut after'
            | 'delay'
          times: number
          ms: number
        }
      | { do: 'gateway'; how: 'reconnect' | 'invalid' | 'drop' }
      | { do: 'tokens expire' }
      /** The bot may not write there for a while, and no token lives: what ends now goes into direct messages. */
      | { do: 'studio closes'; lasts: number }
      | { do: 'machine'; machine: 0 | 1; fault: MachineFault; healAfter: number }
      | { do: 'shop'; fault: ShopFault; healAfter: number }
      | { do: 'full disk'; lasts: number }
    ))

/** `wantsNoDms`: whose direct messages are closed for the whole run. */
export type Plan = { seed: number; lasts: number; wantsNoDms: PersonName; steps: Step[] }
