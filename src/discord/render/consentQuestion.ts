/** Private questions about a face, the statement about one's own, and what is said of the answers. Pure. */
import { ButtonStyle } from 'discord.js'
import type { ConsentRequest } from '../../services/consent/rows.ts'
import {
  button,
  container,
  day,
  gallery,
  plain,
  rows,
  smallText,
  text,
  type Upload,
  type View,
} from './blocks.ts'

const STATEMENT = 'I am the person in this picture, I am 18 or older, and I allow this.'

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
