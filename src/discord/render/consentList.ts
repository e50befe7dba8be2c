/** What a person has given and was given, and taking a yes back. Pure. */
import { ButtonStyle } from 'discord.js'
import type { ConsentRequest, GivenConsent } from '../../services/consent/rows.ts'
import {
  beside,
  button,
  count,
  day,
  plain,
  rows,
  shorten,
  smallText,
  text,
  type Upload,
  type View,
} from './blocks.ts'

/** One line about a yes. `viewer`: who reads it. */
function consentInWords({ subject, user, grantedAt, expiresAt }: GivenConsent, viewer: string): string {
  const who = user
    ? user.id === viewer
      ? 'you'
      : `**${plain(user.name, 60)}**`
    : '**everyone in this class**'
  const whose = subject.id === viewer ? 'Your face' : `The face of **${plain(subject.name, 60)}**`
  // What was made with it and the picture of the face are kept until it is taken back.
  const until =
    expiresAt > Date.now()
      ? `until ${day(expiresAt)}.`
      : `ran out on ${day(expiresAt)}: nothing new is made with it, and what was made is still there.`
  return `${whose}, for ${who}: face swaps with one picture, given on ${day(grantedAt)}, ${until}`
}

const NONE_GIVEN = 'You have given no consent. With `/consent mine` you can allow your own face.'
const NONE_RECEIVED = 'Nobody has allowed you their face. Ask with `/consent ask`.'

export type ConsentList = {
  given: readonly GivenConsent[]
  received: readonly GivenConsent[]
  open: readonly ConsentRequest[]
  viewer: string
  /** By the id of the consent; there may be fewer than consents. */
  thumbnails: ReadonlyMap<string, Upload>
}

/** More would not fit into one message. */
const MOST_LISTED = 8
/** Each takes five of the 40 components of a message. */
const MOST_WITHDRAWABLE = 7

export function renderList({ given, received, open, viewer, thumbnails }: ConsentList): View {
  const shown = given.slice(0, MOST_LISTED)
  return {
    components: [
      text('### What you have given'),
      ...(shown.length === 0 ? [text(NONE_GIVEN)] : shown.map((each) => entry(each, viewer, thumbnails))),
      ...more(given.length - shown.length),
      text('### What you were given'),
      text(
        received.length === 0
          ? NONE_RECEIVED
          : received
              .slice(0, MOST_LISTED)
              .map((each) => `- ${consentInWords(each, viewer)}`)
              .join('\n'),
      ),
      ...(open.length === 0
        ? []
        : [
            text('### Waiting for your answer'),
            ...rows(
              open
                .slice(0, 5)
                .map(({ id, asker }, i) =>
                  button(`consentopen:${id}`, shorten(`Question ${i + 1}: ${asker.name}`, 60)),
                ),
            ),
          ]),
    ],
    files: shown.flatMap(({ id }) => thumbnails.get(id) ?? []),
  }
}

const more = (hidden: number) => (hidden > 0 ? [smallText(`and ${hidden} more.`)] : [])

function entry(
  consent: GivenConsent,
  viewer: string,
  thumbnails: ConsentList['thumbnails'],
  number?: number,
) {
  const words = text(`${number === undefined ? '' : `**${number}.** `}${consentInWords(consent, viewer)}`)
  const file = thumbnails.get(consent.id)
  if (!file) return words
  return beside(file, words)
}

/** Which yes is to be taken back? `name`: set when an instructor looks at those of somebody else. */
export function renderWithdrawable(
  { given, viewer, thumbnails }: Pick<ConsentList, 'given' | 'viewer' | 'thumbnails'>,
  name?: string,
): View {
  const shown = given.slice(0, MOST_WITHDRAWABLE)
  if (shown.length === 0) {
    const who = name === undefined ? 'You have' : `${plain(name, 60)} has`
    return { components: [text(`${who} given no consent, so there is nothing to take back.`)] }
  }
  return {
    components: [
      text('### Which consent is taken back?'),
      ...shown.flatMap((each, i) => [
        entry(each, viewer, thumbnails, i + 1),
        ...rows([button(`consentwithdraw:${each.id}`, `Take back number ${i + 1}`, ButtonStyle.Danger)]),
      ]),
      ...more(given.length - shown.length),
    ],
    files: shown.flatMap(({ id }) => thumbnails.get(id) ?? []),
  }
}

export function renderWithdrawQuestion(
  consent: GivenConsent,
  { pictures, jobs }: { pictures: number; jobs: number },
  viewer: string,
): View {
  const open =
    jobs === 0
      ? ''
      : ` ${count(jobs, 'picture that is waiting or being made is', 'pictures that are waiting or being made are')} stopped.`
  return {
    components: [
      text(
        `**Take this back?** ${consentInWords(consent, viewer)}\nThat deletes ${count(pictures, 'picture')}: the face swaps made with it and all that was made from them, with their files and messages.${open} It cannot be undone.`,
      ),
      ...rows([
        button(`consenttakeback:${consent.id}`, 'Yes, take it back', ButtonStyle.Danger),
        button(`consentkeep:${consent.id}`, 'Keep it', ButtonStyle.Secondary),
      ]),
    ],
  }
}

export function withdrawnInWords(done: {
  pictures: number
  jobs: number
  isFaceKept: boolean
  gone: number
  left: number
}): string {
  const { pictures, jobs, isFaceKept, gone, left } = done
  const made =
    pictures === 0
      ? ''
      : ` What was made with it is deleted: ${count(pictures, 'picture')} and ${count(gone, 'message')}.`
  const stopped = jobs === 0 ? '' : ` Stopped: ${count(jobs, 'picture')} that waited or was being made.`
  const [that, it] = left === 1 ? ['this one', 'it'] : ['these', 'them']
  const rest =
    left === 0
      ? ''
      : ` Still there: ${count(left, 'message')} that could not be deleted now. Darkroom tries ${that} again every hour and at every start; your instructor can delete ${it} by hand.`
  const face = isFaceKept
    ? ' The picture of the face stays here for now, because somebody else in it has agreed, or a picture of theirs needs it.'
    : ' The picture of the face is deleted here.'
  return `**Taken back.**${face}${made}${stopped}${rest}`
}
