/** Bodies that keep and that break each rule for messages, their components and files. */
import { checkForumPost, checkMessage, checkSnowflake } from '../../src/classroom/rules/index.ts'
import type { MessageContext, RuleError } from '../../src/classroom/rules/index.ts'

/** One rule: what the checks find in a body that keeps it and in one that breaks it. */
export type RuleCase = { rule: string; code: string; at?: string; passes: RuleError[]; fails: RuleError[] }

const V2 = 1 << 15
const MEBIBYTE = 2 ** 20
const send = (body: object, files: { name: string; size: number; field?: string }[] = []): RuleError[] =>
  checkMessage({ content: 'hello', ...body }, files, { kind: 'channel' })
const edit = (body: object, existing: MessageContext['existing'] = {}): RuleError[] =>
  checkMessage({ ...body }, [], { kind: 'webhook', isEdit: true, existing })
const sendV2 = (components: object[], more: object = {}): RuleError[] =>
  checkMessage({ flags: V2, components, ...more }, [], { kind: 'webhook' })
const text = (content: string) => ({ type: 10, content })
const button = (id: string) => ({ type: 2, style: 1, label: 'Press', custom_id: id })
const link = (more: object) => ({ type: 2, style: 5, label: 'Look', ...more })
const row = (...components: object[]) => ({ type: 1, components })
const rows = (count: number) => Array.from({ length: count }, (_, i) => row(button(`b${i}`)))
const gallery = (url: string) => ({ type: 12, items: [{ media: { url } }] })

export const messageCases: RuleCase[] = [
  {
    rule: '1 content has at most 2000 characters, counted as code points',
    code: 'BASE_TYPE_MAX_LENGTH',
    at: 'content',
    passes: send({ content: '🎨'.repeat(2000) }),
    fails: send({ content: 'a'.repeat(2001) }),
  },
  {
    rule: '2 the texts of all embeds have at most 6000 characters together',
    code: 'MAX_EMBED_SIZE_EXCEEDED',
    at: 'embeds',
    passes: send({ embeds: [{ description: 'a'.repeat(4000) }, { description: 'a'.repeat(2000) }] }),
    fails: send({
      embeds: [
        { title: 't', description: 'a'.repeat(4000), fields: [{ name: 'n', value: 'a'.repeat(999) }] },
        { footer: { text: 'a'.repeat(600) }, author: { name: 'a'.repeat(400) } },
      ],
    }),
  },
  {
    rule: '3 without the V2 flag there are at most 5 action rows',
    code: 'BASE_TYPE_MAX_LENGTH',
    at: 'components',
    passes: send({ components: rows(5) }),
    fails: send({ components: rows(6) }),
  },
  {
    rule: '4 custom ids are unique in a message, also inside containers',
    code: 'COMPONENT_CUSTOM_ID_DUPLICATED',
    at: 'components.1.components.0.components.0.custom_id',
    passes: sendV2([row(button('a')), { type: 17, components: [row(button('b'))] }]),
    fails: sendV2([row(button('a')), { type: 17, components: [row(button('a'))] }]),
  },
  {
    rule: '5 a link button has a url',
    code: 'BASE_TYPE_REQUIRED',
    at: 'components.0.components.0.url',
    passes: send({ components: [row(link({ url: 'https://example.org' }))] }),
    fails: send({ components: [row(link({}))] }),
  },
  {
    rule: '5 a link button has no custom id',
    code: 'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
    at: 'components.0.components.0.custom_id',
    passes: send({ components: [row(link({ url: 'https://example.org' }))] }),
    fails: send({ components: [row(link({ url: 'https://example.org', custom_id: 'x' }))] }),
  },
  {
    rule: '5 any other button has a custom id',
    code: 'BUTTON_COMPONENT_CUSTOM_ID_REQUIRED',
    at: 'components.0.components.0.custom_id',
    passes: send({ components: [row(button('a'))] }),
    fails: send({ components: [row({ type: 2, style: 1, label: 'Press' })] }),
  },
  {
    rule: '6 a V2 message has no content',
    code: 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    at: 'content',
    passes: sendV2([text('hello')], { content: '', embeds: [] }),
    fails: sendV2([text('hello')], { content: 'hello' }),
  },
  {
    rule: '6 a message that becomes V2 gives up its embeds',
    code: 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    at: 'embeds',
    passes: edit({ flags: V2, components: [text('a')], embeds: null }, { embeds: [{ title: 'old' }] }),
    fails: edit({ flags: V2, components: [text('a')] }, { embeds: [{ title: 'old' }] }),
  },
  {
    rule: '7 V2 components need the V2 flag, in the request or on the message',
    code: 'UNION_TYPE_CHOICES',
    at: 'components.0',
    passes: edit({ components: [text('hello')] }, { flags: V2 }),
    fails: edit({ components: [text('hello')] }, { flags: 0 }),
  },
  {
    rule: '8 a V2 message has at most 40 components, nested ones counted',
    code: 'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
    at: 'components',
    passes: sendV2([{ type: 17, components: Array.from({ length: 39 }, () => text('a')) }]),
    fails: sendV2([
      { type: 17, components: Array.from({ length: 37 }, () => text('a')) },
      { type: 9, components: [text('a')], accessory: button('x') },
    ]),
  },
  {
    rule: '9 the texts of a V2 message have at most 4000 characters together',
    code: 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
    at: 'components',
    passes: sendV2([text('a'.repeat(2000)), text('a'.repeat(2000))]),
    fails: sendV2([text('a'.repeat(2000)), { type: 17, components: [text('a'.repeat(2001))] }]),
  },
  {
    rule: '10 attachment://name needs a file of that name',
    code: 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
    at: 'components.0.items.0.media.url',
    passes: checkMessage(
      { flags: V2, components: [gallery('attachment://a.png')] },
      [{ name: 'a.png', size: 9 }],
      { kind: 'callback' },
    ),
    fails: checkMessage(
      { flags: V2, components: [gallery('attachment://b.png')] },
      [{ name: 'a.png', size: 9 }],
      { kind: 'callback' },
    ),
  },
  {
    rule: '10 in an edit, attachment://name finds a file that the message keeps',
    code: 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
    at: 'embeds.0.image.url',
    passes: edit(
      { embeds: [{ image: { url: 'attachment://a.png' } }], attachments: [{ id: '7' }] },
      { attachments: [{ id: '7', filename: 'a.png' }] },
    ),
    fails: edit(
      { embeds: [{ image: { url: 'attachment://a.png' } }], attachments: [] },
      { attachments: [{ id: '7', filename: 'a.png' }] },
    ),
  },
  {
    rule: '10 attachments may rename an upload by its form field',
    code: 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
    at: 'embeds.0.image.url',
    passes: send(
      { embeds: [{ image: { url: 'attachment://b.png' } }], attachments: [{ id: '3', filename: 'b.png' }] },
      [{ name: 'a.png', size: 9, field: 'files[3]' }],
    ),
    fails: send(
      { embeds: [{ image: { url: 'attachment://b.png' } }], attachments: [{ id: '2', filename: 'b.png' }] },
      [{ name: 'a.png', size: 9, field: 'files[3]' }],
    ),
  },
  {
    rule: '11 a message is not empty',
    code: '50006',
    passes: send({ content: '' }, [{ name: 'a.png', size: 9 }]),
    fails: send({ content: ' ', embeds: [] }),
  },
  {
    rule: '11 an edit does not leave a message empty',
    code: '50006',
    passes: edit({ content: '' }, { content: 'old', embeds: [{ title: 'stays' }] }),
    fails: edit({ content: '' }, { content: 'old' }),
  },
  {
    rule: '12 allowed_mentions does not parse a kind whose ids it lists',
    code: 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
    at: 'allowed_mentions',
    passes: send({ allowed_mentions: { parse: ['roles'], users: ['1'], roles: [] } }),
    fails: send({ allowed_mentions: { parse: ['users'], users: ['1'] } }),
  },
  {
    rule: '21 an id in a path is a number of 64 bits',
    code: 'NUMBER_TYPE_COERCE',
    at: 'channel_id',
    passes: checkSnowflake('channel_id', '18446744073709551615'),
    fails: checkSnowflake('channel_id', 'undefined'),
  },
  {
    rule: '22 a forum post has at most 5 tags',
    code: 'BASE_TYPE_MAX_LENGTH',
    at: 'applied_tags',
    passes: checkForumPost({ name: 'p', applied_tags: ['1', '2', '3', '4', '5'], message: { content: 'a' } }),
    fails: checkForumPost({
      name: 'p',
      applied_tags: ['1', '2', '3', '4', '5', '6'],
      message: { content: 'a' },
    }),
  },
  {
    rule: '22 the first message of a forum post follows the rules of messages',
    code: 'BASE_TYPE_MAX_LENGTH',
    at: 'message.content',
    passes: checkForumPost({ name: 'p', message: { content: 'a'.repeat(2000) } }),
    fails: checkForumPost({ name: 'p', message: { content: 'a'.repeat(2001) } }),
  },
  {
    rule: '24 a message has at most 10 files',
    code: 'BASE_TYPE_MAX_LENGTH',
    at: 'attachments',
    passes: send(
      {},
      Array.from({ length: 10 }, (_, i) => ({ name: `${i}.png`, size: 1 })),
    ),
    fails: send(
      {},
      Array.from({ length: 11 }, (_, i) => ({ name: `${i}.png`, size: 1 })),
    ),
  },
  {
    rule: '24 a file has at most 10 MiB',
    code: '40005',
    passes: send({}, [{ name: 'a.png', size: 10 * MEBIBYTE }]),
    fails: send({}, [{ name: 'a.png', size: 10 * MEBIBYTE + 1 }]),
  },
  {
    rule: '24 a request has at most 25 MiB',
    code: '40005',
    passes: send(
      {},
      [10, 10, 5].map((size, i) => ({ name: `${i}`, size: size * MEBIBYTE })),
    ),
    fails: send(
      {},
      ['a', 'b', 'c'].map((name) => ({ name, size: 9 * MEBIBYTE })),
    ),
  },
  {
    rule: 'a row holds five buttons or one select',
    code: 'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
    at: 'components.0.components.1',
    passes: send({ components: [row(...['a', 'b', 'c', 'd', 'e'].map(button))] }),
    fails: send({ components: [row({ type: 5, custom_id: 'u' }, button('a'))] }),
  },
  {
    rule: 'the values of a select are unique',
    code: 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
    at: 'components.0.components.0.options.1.value',
    passes: send({
      components: [row({ type: 3, custom_id: 's', options: [{ value: 'a' }, { value: 'b' }] })],
    }),
    fails: send({
      components: [row({ type: 3, custom_id: 's', options: [{ value: 'a' }, { value: 'a' }] })],
    }),
  },
]
