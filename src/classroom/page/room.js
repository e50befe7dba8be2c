/** What the page knows of the class, and what its parts can ask for. */

const ME = 'darkroom.person'
const HIDDEN = 'darkroom.dismissed'
const FIRST_CHANNEL = 'studio'

/** @param {typeof import('./api.js').api} api */
export function createRoom(api) {
  const hidden = new Set(JSON.parse(sessionStorage.getItem(HIDDEN) ?? '[]'))
  const room = {
    api,
    /** @type {{id: string, name: string, instructor: boolean}[]} */
    persons: [],
    me: { id: '', name: '', instructor: false },
    /** @type {any} */
    guild: {},
    /** @type {any[]} */
    topChannels: [],
    /** @type {any[]} */
    threads: [],
    /** @type {any[]} */
    commands: [],
    /** @type {string | undefined} */
    channelId: undefined,
    /** Channels and threads. */
    get channels() {
      return [...room.topChannels, ...room.threads]
    },
    /** Names of users seen in messages who are no person of the class: the bot. */
    others: new Map(),

    // Set by main.js.
    press: (_message, _customId, _control, _values) => {},
    runMenu: (_name, _message, _control) => {},
    open: (_channel, _message) => {},
    startCommand: (_name, _values) => {},
    showPictures: (_pictures, _index) => {},
    dismiss: (_message) => {},

    /** Learns the names of those who wrote. */
    remember(messages) {
      for (const { author } of messages) room.others.set(author.id, author.global_name ?? author.username)
    },
    /** Where the person is, as every request says it. */
    here: () => ({ person: room.me.id, channel: room.channelId }),
    channelName: (id) => room.channels.find((one) => one.id === id)?.name,
    nameOf: (id) => room.persons.find((one) => one.id === id)?.name ?? room.others.get(id) ?? 'someone',
    roleName: (id) => room.guild.roles?.find((one) => one.id === id)?.name ?? 'role',
    firstChannel: () => room.topChannels.find((one) => one.name === FIRST_CHANNEL) ?? room.topChannels[0],

    /** The class list; gives back who to be: the one of last time, else a student. */
    async meet() {
      room.persons = await api.persons()
      const known = room.persons.find((one) => one.id === localStorage.getItem(ME))
      return known ?? room.persons.find((one) => !one.instructor) ?? room.persons[0]
    },
    async become(personId) {
      room.me = room.persons.find((one) => one.id === personId) ?? room.me
      localStorage.setItem(ME, personId)
      await room.load()
    },
    async load() {
      const state = await api.state(room.me.id)
      room.guild = state.guild
      room.topChannels = state.channels.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))
      room.threads = state.threads
      room.commands = state.commands
    },
    /** A channel or thread that is new or has changed. */
    putChannel(channel) {
      const list = channel.thread_metadata ? room.threads : room.topChannels
      const at = list.findIndex((one) => one.id === channel.id)
      if (at < 0) list.push(channel)
      else list[at] = { ...list[at], ...channel }
    },
    dropChannel(id) {
      room.topChannels = room.topChannels.filter((one) => one.id !== id)
      room.threads = room.threads.filter((one) => one.id !== id)
    },
    isHidden: (id) => hidden.has(id),
    hide(id) {
      hidden.add(id)
      sessionStorage.setItem(HIDDEN, JSON.stringify([...hidden]))
    },
  }
  return room
}
