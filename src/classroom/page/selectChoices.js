/** What can be chosen in a menu or an option: given choices, or persons, roles and channels of the class. */

const USER = 5
const ROLE = 6
const MENTIONABLE = 7
const CHANNEL = 8

/** @typedef {{label: string, detail?: string, value: unknown, default?: boolean}} Choice */

/** @param {import('./main.js').Room} room @returns {Choice[]} */
export const personChoices = (room) =>
  room.persons.map((person) => ({ label: person.name, value: person.id }))

/** @param {import('./main.js').Room} room @returns {Choice[]} */
export const roleChoices = (room) =>
  (room.guild.roles ?? []).map((role) => ({ label: role.name.replace(/^@?/, '@'), value: role.id }))

/** @param {import('./main.js').Room} room @param {number[] | undefined} types all when empty @returns {Choice[]} */
export const channelChoices = (room, types) =>
  room.channels
    .filter((channel) => !types?.length || types.includes(channel.type))
    .map((channel) => ({ label: `#${channel.name}`, value: channel.id }))

/**
 * @param {any} component a select of a message or a modal
 * @param {import('./main.js').Room} room
 * @returns {Choice[]}
 */
export function selectChoices(component, room) {
  switch (component.type) {
    case USER:
      return personChoices(room)
    case ROLE:
      return roleChoices(room)
    case MENTIONABLE:
      return [...personChoices(room), ...roleChoices(room)]
    case CHANNEL:
      return channelChoices(room, component.channel_types)
    default:
      return (component.options ?? []).map((option) => ({
        label: option.label,
        detail: option.description,
        value: option.value,
        default: option.default,
      }))
  }
}
