/** Who a message mentions, as far as `allowed_mentions` lets it. */
import { asObject, asObjects, asText } from './rules/errors.ts'
import type { State } from './state.ts'
import type { Json, User } from './types.ts'

export type Mentions = { mentions: User[]; mention_roles: string[]; mention_everyone: boolean }

/** `interaction`: without `allowed_mentions` Discord notifies only persons; in a bot's channel message everyone named. */
export function findMentions(
  state: State,
  message: { content: string; components: Json[] },
  allowedMentions: unknown,
  isInteraction: boolean,
): Mentions {
  const text = [message.content, ...texts(message.components)].join('\n')
  const byDefault = isInteraction ? { parse: ['users'] } : { parse: ['users', 'roles', 'everyone'] }
  const allowed: Json = asObject(allowedMentions) ?? byDefault
  const parse = Array.isArray(allowed.parse) ? allowed.parse : []
  const may = (kind: string, id: string) => {
    const list = allowed[kind]
    return parse.includes(kind) || (Array.isArray(list) && list.includes(id))
  }
  const users = idsIn(text, /<@!?(\d+)>/g).filter((id) => may('users', id))
  const roles = idsIn(text, /<@&(\d+)>/g).filter((id) => may('roles', id))
  return {
    mentions: users.flatMap((id) => state.members.get(id)?.user ?? []),
    mention_roles: roles.filter((id) => state.roles.get(id) !== undefined),
    mention_everyone: parse.includes('everyone') && /@(everyone|here)\b/.test(text),
  }
}

const idsIn = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? '')),
]

const texts = (components: Json[]): string[] =>
  components.flatMap((component) => [
    asText(component.content),
    ...texts(asObjects(component.components)),
    ...texts(component.accessory ? asObjects([component.accessory]) : []),
  ])
