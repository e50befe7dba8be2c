/** Puts the page together: who is here, which channel is open, what happens live. */
import { createAnnouncer } from './announce.js'
import { api } from './api.js'
import { createChannelList } from './channels.js'
import { createComposer } from './composer.js'
import { fill, icon } from './dom.js'
import { createInteractions } from './interactions.js'
import { connectLive } from './live.js'
import { createLiveHandler } from './liveEvents.js'
import { createLog } from './log.js'
import { drawPersons } from './persons.js'
import { createRoom } from './room.js'
import { createSender } from './sender.js'
import { createSide } from './side.js'
import { createTyping } from './typing.js'
import { createViewer } from './viewer.js'

/** @typedef {ReturnType<typeof createRoom>} Room everything that the parts of the page may ask for or do */

const place = (id) => /** @type {HTMLElement} */ (document.getElementById(id))

const room = createRoom(api)
const interactions = createInteractions()
const announcer = createAnnouncer(place('announcements'))
const log = createLog(place('log'), room)
const channels = createChannelList(place('channels'), room)
const sender = createSender({ room, log, interactions })
const composer = createComposer(place('composer'), room, sender.command)
const typing = createTyping(place('typing'), room)
const side = createSide(place('side'), place('side-toggle'))
/** @type {Pick<ReturnType<typeof connectLive>, 'hold' | 'end'>} */
let live = { hold: (task) => task(), end: () => {} }
let entering = 0

Object.assign(room, {
  press: sender.press,
  runMenu: sender.menu,
  showPictures: createViewer(),
  startCommand: (name, values = {}) => composer.start(name, new Map(Object.entries(values))),
  open: (channel, message) => openChannel(channel, message).catch(showProblem),
  dismiss(message) {
    room.hide(message.id)
    log.remove(message.id)
  },
})

const handle = createLiveHandler({
  room,
  log,
  interactions,
  announcer,
  typing,
  refresh: () => refresh(),
  drawHead,
})

function showProblem(problem) {
  fill(place('connection'), icon('warning'), problem.message)
}

/** The parts around the log, after any change of what is known. */
function drawHead() {
  const channel = room.channels.find((one) => one.id === room.channelId)
  fill(
    place('channel-name'),
    channel && icon(channel.thread_metadata ? 'thread' : 'hash'),
    channel?.name ?? '',
  )
  fill(place('channel-topic'), channel?.topic ?? '')
  fill(place('class-name'), room.guild.name ?? 'Darkroom')
  document.title = channel ? `#${channel.name} · Darkroom` : 'Darkroom'
  if (channel && document.visibilityState === 'visible')
    channels.markRead(channel.id, channel.last_message_id)
  channels.draw()
  composer.refresh()
}

async function openChannel(id, messageId) {
  const channel = room.channels.find((one) => one.id === id)
  if (!channel) return
  if (id !== room.channelId || !log.has(messageId ?? '')) {
    room.channelId = id
    typing.stop()
    const address = `#/${id}${messageId ? `/${messageId}` : ''}`
    if (location.hash !== address) history.pushState(undefined, '', address)
    drawHead()
    await showMessages(channel)
    if (room.channelId !== id) return
  }
  side.close()
  if (messageId) log.point(messageId)
}

/** Fetches everything again, e.g. after the connection was lost. */
async function refresh({ messages = true } = {}) {
  await room.load()
  drawHead()
  const channel = room.channels.find((one) => one.id === room.channelId)
  if (messages && channel) await showMessages(channel)
}

const showMessages = (channel) =>
  live.hold(async () => {
    const messages = await api.messages(room.me.id, channel.id)
    if (room.channelId !== channel.id) return
    room.remember(messages)
    log.show(
      channel,
      messages.filter((message) => !room.isHidden(message.id)),
    )
  })

function fromAddress() {
  const [, channel, message] = location.hash.split('/')
  return room.channels.some((one) => one.id === channel) ? { channel, message } : undefined
}

async function enter(personId) {
  entering += 1
  const mine = entering
  live.end()
  const mineLive = connectLive(personId, {
    onEvent: handle,
    onState(state) {
      fill(place('connection'), state === 'lost' && 'The classroom is not answering; trying again…')
      if (state === 'back') refresh().catch(showProblem)
    },
  })
  live = mineLive
  await live.hold(async () => {
    await mineLive.opened
    await room.become(personId)
    if (mine !== entering) return
    const choose = (id) => enter(id).catch(showProblem)
    drawPersons(place('persons'), { persons: room.persons, chosen: personId, choose })
    composer.clear()
    const wanted = fromAddress()
    const start = wanted?.channel ?? room.channelId ?? room.firstChannel()?.id
    room.channelId = undefined
    await openChannel(start, wanted?.message)
  })
}

addEventListener('popstate', () => {
  const wanted = fromAddress()
  if (wanted) room.open(wanted.channel, wanted.message)
})
document.addEventListener('visibilitychange', () => room.channelId && drawHead())

room
  .meet()
  .then((person) => enter(person.id))
  .catch(showProblem)
