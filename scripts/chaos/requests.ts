/** The bot's requests to Discord, told apart by method and path. */
import type { RouteName } from './steps.ts'

export type Request = { method: string; path: string; hasFiles: boolean }

/** Undefined: nothing goes wrong with it. */
export function routeOf({ method, path, hasFiles }: Request): RouteName | undefined {
  const call = `${method} ${path.replaceAll(/\d{15,}/g, 'ID')}`
  if (/^POST \/interactions\/ID\/[^/]+\/callback$/.test(call)) return 'acknowledge'
  if (/^PATCH \/webhooks\/ID\/[^/]+\/messages\/@original$/.test(call)) return hasFiles ? 'result' : 'edit'
  if (/^POST \/webhooks\/ID\/[^/]+$/.test(call)) return 'note'
  if (call === 'POST /channels/ID/messages') return 'message'
  if (call === 'POST /channels/ID/threads') return 'thread'
  if (call === 'DELETE /channels/ID/messages/ID') return 'remove'
  return undefined
}

/** Where a message goes. */
export const channelOf = (path: string): string => /^\/channels\/(\d+)\/messages$/.exec(path)?.[1] ?? ''

/** The tokens with which interactions are answered. */
export function createTokens() {
  /** Their interactions by the tokens. */
  const known = new Map<string, string>()
  const expired = new Set<string>()
  const tokenOf = (path: string) => /^\/(?:interactions|webhooks)\/\d+\/([^/]+)/.exec(path)?.[1]

  function expireOne(token: string): string[] {
    if (expired.has(token)) return []
    expired.add(token)
    const interaction = known.get(token)
    return interaction === undefined ? [] : [interaction]
  }

  return {
    /** Remembers the token, if there is one in it. */
    note(path: string): void {
      const [, interaction, token] = /^\/interactions\/(\d+)\/([^/]+)\/callback$/.exec(path) ?? []
      if (token !== undefined && interaction !== undefined) known.set(token, interaction)
    },
    interactionOf: (path: string): string | undefined => known.get(tokenOf(path) ?? ''),
    /** All that are known. @returns the interactions that nothing can be shown for from now on */
    expire: (): string[] => [...known.keys()].flatMap(expireOne),
    expireThis(path: string): string[] {
      const token = tokenOf(path)
      return token === undefined ? [] : expireOne(token)
    },
    isRefused: (path: string): boolean => path.startsWith('/webhooks/') && expired.has(tokenOf(path) ?? ''),
  }
}
