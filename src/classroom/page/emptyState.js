/** What a channel says while nothing is in it: what happens here and how to begin. */
import { el } from './dom.js'

const EXAMPLES = ['a red heart', 'a smiling cat', 'a green apple']

const words = {
  lessons: ['No lesson yet', 'Lessons that your instructor posts appear here.'],
  gallery: ['No picture yet', 'Every finished picture comes here by itself, in one thread for each day.'],
}

/**
 * @param {{name: string, topic?: string | null}} channel
 * @param {import('./main.js').Room} room
 */
export function emptyState(channel, room) {
  const [title, text] = words[channel.name] ?? [
    'A clean sheet',
    channel.topic || 'Nobody has made anything here yet.',
  ]
  return el(
    'div',
    { class: 'empty' },
    el('span', { class: 'empty-sheet', 'aria-hidden': 'true' }),
    el('h2', {}, title),
    el('p', {}, text),
    ...(words[channel.name] ? [] : howToBegin(room)),
  )
}

function howToBegin(room) {
  const imagine = room.commands.some((command) => command.name === 'imagine')
  if (!imagine) return [el('p', {}, 'Type ', el('kbd', {}, '/'), ' to see what you can do.')]
  const buttons = EXAMPLES.map((prompt) =>
    el(
      'button',
      { class: 'button button-secondary', onclick: () => room.startCommand('imagine', { prompt }) },
      prompt,
    ),
  )
  return [
    el(
      'p',
      {},
      'Type ',
      el('kbd', {}, '/imagine'),
      ' and a few words, then press Enter. Or begin with one of these:',
    ),
    el('p', { class: 'examples' }, ...buttons),
  ]
}
