/** The private question before something costly, and what everyone reads meanwhile. Pure. */
import { ButtonStyle } from 'discord.js'
import type { ImageRequest } from '../../domain.ts'
import { dollars } from '../../money.ts'
import type { LeftToday } from '../leftToday.ts'
import { button, container, count, plain, rows, text, type View } from './blocks.ts'
import { renderNote } from './errors.ts'
import { leftInWords } from './leftToday.ts'
import { whatWasAsked } from './whatWasAsked.ts'

/** @param ids of the two buttons */
export function renderCostQuestion(
  request: ImageRequest,
  usd: number,
  left: LeftToday,
  ids: { yes: string; no: string },
): View {
  const many = request.count > 1 ? ` (${count(request.count, 'picture')})` : ''
  return {
    components: [
      container('explanation', [
        text(`${whatWasAsked(request)}${many} would cost about **${dollars(usd)}**. Shall it be drawn?`),
        text(`${leftInWords(left) ?? ''} Nothing has been spent yet.`),
      ]),
      ...rows([
        button(ids.yes, `Draw it for about ${dollars(usd)}`, ButtonStyle.Primary),
        button(ids.no, 'Cancel', ButtonStyle.Secondary),
      ]),
    ],
  }
}

const ASKED_FIRST = ' is asked first, because this costs money.'

/** The public message while somebody is asked, where everyone saw that something was announced. */
export const renderAskedFirst = (name: string): View => renderNote(`${plain(name, 60)}${ASKED_FIRST}`)

/** True for the message above. */
export const isAskedFirst = (components: readonly unknown[]): boolean =>
  JSON.stringify(components).includes(`${ASKED_FIRST}"`)
