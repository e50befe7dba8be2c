/** What people read when somebody's face is concerned. Pure. */
import { ButtonStyle, ComponentType, TimestampStyles, time, type APISectionComponent } from 'discord.js'
import type { ConsentRequest, GivenConsent } from '../../services/consent/book.ts'
import {
  button,
  container,
  count,
  gallery,
  plain,
  rows,
  shorten,
  smallText,
  text,
  type Upload,
  type View,
} from './blocks.ts'

const STATEMENT = 'I am the person in this picture, I am 18 or older, and I allow this.'

const day = (ms: number): string => time(Math.round(ms / 1000), TimestampStyles.LongDate)

/** The same for every yes, so that everyone reads the same. */
const terms = (who: string, until: string): string[] => [
  `**What for.** ${who} may put your face on another picture, or another face on this one, with \`/swapface\`. Every result bears a mark, says in words that it is a face swap with your consent, and is seen by the class.`,
  `**What is kept.** This picture, numbers by which Darkroom knows this picture of your face again, your name and the date: on the machine that Darkroom runs on. If somebody chooses an engine that runs elsewhere, the picture is sent there for that swap.`,
  `**How long.** Until ${until}, for this picture only.`,
  '**How to take it back.** Type `/consent withdraw` at any time, without a reason: all pictures made with it are deleted, here and in the gallery. What somebody has saved on their own device cannot be taken back.',
  'A no needs no reason either. Everything in class can be done with the practice faces instead.',
]

type Asked = { picture: Upload; faceNote: string; yes: string; no: string }

/** The private question: who asks, what for, what is kept, how to take it back. */
export function renderQuestion(
  { asker, expiresAt }: ConsentRequest,
  { className, until, picture, faceNote, yes, no }: Asked & { className: string; until: number },
): View {
  return {
    components: [
      container('explanation', [
        text(
          `### May your face be used?\n**${plain(asker.name, 60)}** of the class **${plain(className, 100)}** asks whether your face in this picture may be used for face swaps.${faceNote}`,
        ),
        gallery([picture]),
        ...terms(`**${plain(asker.name, 60)}**, and nobody else,`, day(until)).map(text),
        text(`**Yes** means: “${STATEMENT}”`),
        smallText(`The question stays open until ${day(expiresAt)}. Only you can answer it.`),
      ]),
      ...rows([button(yes, 'Yes', ButtonStyle.Success), button(no, 'No', ButtonStyle.Secondary)]),
    ],
    files: [picture],
  }
}

/** The statement about one's own face. */
export function renderStatement({
  everyone,
  until,
  picture,
  faceNote,
  yes,
  no,
}: Asked & { everyone: boolean; until: number }): View {
  const who = everyone ? '**Everyone in this class**' : '**You**, and nobody else,'
  return {
    components: [
      container('explanation', [
        text(`### Your own face${faceNote === '' ? '' : `\n${faceNote.trim()}`}`),
        gallery([picture]),
        ...terms(who, day(until)).map(text),
        text(`**Yes** means: “${STATEMENT}”`),
      ]),
      ...rows([button(yes, 'Yes', ButtonStyle.Success), button(no, 'No', ButtonStyle.Secondary)]),
    ],
    files: [picture],
  }
}

/** In the channel, for a person who takes no direct messages: says nothing of what it is about to others. */
export const renderKnock = ({ id, subject }: ConsentRequest): View => ({
  components: [
    text(`<@${subject.id}>, there is a private question for you; only you can open it.`),
    ...rows([button(`consentopen:${id}`, 'Open the question', ButtonStyle.Primary)]),
  ],
})

export function answeredInWords({ answer, asker }: ConsentRequest): string {
  return answer === 'yes'
    ? `**You said yes.** **${plain(asker.name, 60)}** may use this picture of your face for face swaps and was told so. Take it back at any time with \`/consent withdraw\`.`
    : `**You said no.** **${plain(asker.name, 60)}** was told so, and the picture was deleted here.`
}

/** For the one who asked. */
export function heardInWords({ answer, subject }: ConsentRequest): string {
  const name = `**${plain(subject.name, 60)}**`
  if (answer === 'yes')
    return `${name} said **yes**: you may use that picture of their face with \`/swapface\`. They can take it back at any time.`
  if (answer === 'no')
    return `${name} said **no** to your question about their face. Please accept that without asking for a reason.`
  return `${name} did not answer your question about their face in seven days, so it has run out.`
}

/** One line about a yes. `viewer`: who reads it. */
function consentInWords({ subject, user, grantedAt, expiresAt }: GivenConsent, viewer: string): string {
  const who = user
    ? user.id === viewer
      ? 'you'
      : `**${plain(user.name, 60)}**`
    : '**everyone in this class**'
  const whose = subject.id === viewer ? 'Your face' : `The face of **${plain(subject.name, 60)}**`
  return `${whose}, for ${who}: face swaps with one picture, given on ${day(grantedAt)}, until ${day(expiresAt)}.`
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
  return {
    type: ComponentType.Section,
    components: [words],
    accessory: {
      type: ComponentType.Thumbnail,
      media: { url: `attachment://${file.name}` },
      description: file.description,
    },
  } satisfies APISectionComponent
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
