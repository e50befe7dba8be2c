/** Collects what the ids in an interaction's values stand for. */
import { withAddresses } from './addresses.ts'
import type { State } from './state.ts'
import type { Attachment, Channel, Json, Member } from './types.ts'
import { memberJson, partialChannel } from './views.ts'
import { channelPermissions } from './permissions.ts'

export type Resolved = {
  user(id: string): boolean
  role(id: string): boolean
  channel(id: string): boolean
  attachment(attachment: Attachment): void
  message(id: string, message: Json): void
  /** Empty when nothing was resolved, else `{resolved}`. */
  json(): { resolved?: Json }
}

/** Each function says whether there is such a thing. Permissions are those in `channel`. */
export function createResolved(state: State, viewer: Member, channel: Channel): Resolved {
  const found: Record<string, Record<string, Json>> = {}
  const add = (kind: string, id: string, value: Json): true => {
    const group = (found[kind] ??= {})
    group[id] = value
    return true
  }
  return {
    user(id) {
      const member = state.members.get(id)
      if (!member) return false
      const { user: _1, deaf: _2, mute: _3, ...partial } = memberJson(member)
      const permissions = String(channelPermissions(state, member, channel))
      add('members', id, { ...partial, permissions })
      return add('users', id, member.user)
    },
    role(id) {
      const role = state.roles.get(id)
      return role !== undefined && add('roles', id, role)
    },
    channel(id) {
      const one = state.channels.get(id)
      return one !== undefined && add('channels', id, partialChannel(state, viewer, one))
    },
    attachment: (attachment) =>
      void add('attachments', attachment.id, { ...withAddresses(attachment, state.origin, state.now()) }),
    message: (id, message) => void add('messages', id, message),
    json: () => (Object.keys(found).length === 0 ? {} : { resolved: found }),
  }
}
