/** The few Components V2 blocks that all our messages are built of. Plain objects, no builders, no state. */
import {
  ButtonStyle,
  ComponentType,
  escapeMarkdown,
  time,
  TimestampStyles,
  type APIButtonComponent,
  type APIComponentInContainer,
  type APIContainerComponent,
  type APIMediaGalleryComponent,
  type APIMessageTopLevelComponent,
  type APISectionComponent,
  type APITextDisplayComponent,
} from 'discord.js'

/** A file that goes out with a message. `description` is the alt text. */
export type Upload = { name: string; data: Uint8Array; description: string }

/** One message as a person sees it: what the render functions make and `send.ts` turns into a request. */
export type View = { components: APIMessageTopLevelComponent[]; files?: Upload[] }

/** The side colour of a message says what kind it is; the words say it too. */
export const colours = {
  working: 0x7a8794,
  picture: 0xd98a29,
  explanation: 0x3f7cac,
  error: 0xb3261e,
} as const

/** Discord's limit on the text of all blocks of one message. */
const TEXT_LIMIT = 4000
/** Discord's limit on alt text. */
const ALT_LIMIT = 1024
const BUTTONS_PER_ROW = 5

export const text = (content: string): APITextDisplayComponent => ({
  type: ComponentType.TextDisplay,
  content: shorten(content, TEXT_LIMIT),
})

/** Small grey text. */
export const smallText = (content: string): APITextDisplayComponent =>
  text(`-# ${content.replaceAll('\n', ' ')}`)

export const container = (
  kind: keyof typeof colours,
  components: APIComponentInContainer[],
): APIContainerComponent => ({ type: ComponentType.Container, accent_color: colours[kind], components })

/** Files of the same message, shown side by side; each brings its alt text. */
export const gallery = (
  files: readonly { name: string; description: string }[],
): APIMediaGalleryComponent => ({
  type: ComponentType.MediaGallery,
  items: files.map((file) => ({
    media: { url: `attachment://${file.name}` },
    description: shorten(file.description, ALT_LIMIT),
  })),
})

/** Words with a small picture beside them: a file of the same message, which brings its alt text. */
export const beside = (
  file: Pick<Upload, 'name' | 'description'>,
  words: APITextDisplayComponent,
): APISectionComponent => ({
  type: ComponentType.Section,
  components: [words],
  accessory: {
    type: ComponentType.Thumbnail,
    media: { url: `attachment://${file.name}` },
    description: shorten(file.description, ALT_LIMIT),
  },
})

export const button = (
  customId: string,
  label: string,
  style: Exclude<ButtonStyle, ButtonStyle.Link | ButtonStyle.Premium> = ButtonStyle.Secondary,
): APIButtonComponent => ({ type: ComponentType.Button, custom_id: customId, label, style })

/** Buttons in rows of five. */
export function rows(buttons: readonly APIButtonComponent[]): APIMessageTopLevelComponent[] {
  const result: APIMessageTopLevelComponent[] = []
  for (let i = 0; i < buttons.length; i += BUTTONS_PER_ROW) {
    result.push({ type: ComponentType.ActionRow, components: buttons.slice(i, i + BUTTONS_PER_ROW) })
  }
  return result
}

/** Cuts a text to at most `limit` characters and says so with an ellipsis; never inside a surrogate pair. */
export function shorten(value: string, limit: number): string {
  if (value.length <= limit) return value
  const cut = value.slice(0, limit - 1)
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}

/** A person's words inside ours: one line, no formatting, no mention. */
export function plain(words: string, limit = 300): string {
  const line = shorten(words.replace(/\s+/g, ' ').trim(), limit)
  const escaped = escapeMarkdown(line, {
    heading: true,
    bulletedList: true,
    numberedList: true,
    maskedLink: true,
  })
  return escaped.replace(/[<@]/g, '\\$&')
}

/** A date that Discord shows in the language and the time zone of whoever reads it. */
export const day = (ms: number): string => time(Math.round(ms / 1000), TimestampStyles.LongDate)

/** "one", "two" ... up to ten, then digits: for sentences. */
export function count(n: number, one: string, many = `${one}s`): string {
  const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
  return `${words[n] ?? String(n)} ${n === 1 ? one : many}`
}
