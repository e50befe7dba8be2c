/** What a person presses, chooses and fills in. */
import { createInteraction } from './interactions.ts'
import { PageError } from './pageError.ts'
import { attach, type Actor } from './pageCommands.ts'
import { createResolved, type Resolved } from './resolved.ts'
import { asObject, asObjects, asText, lengthOf } from './rules/errors.ts'
import type { State } from './state.ts'
import type { InteractionRecord, Json, Member, MessageRecord, Upload } from './types.ts'

const BUTTON = 2
const STRING_SELECT = 3
const TEXT_INPUT = 4
const USER_SELECT = 5
const ROLE_SELECT = 6
const MENTIONABLE_SELECT = 7
const CHANNEL_SELECT = 8
const FILE_UPLOAD = 19
const RADIO_GROUP = 21
const CHECKBOX_GROUP = 22
const CHECKBOX = 23

/** Every component of a list with those inside it. */
function* nodes(list: unknown): Generator<Json> {
  for (const component of asObjects(list)) {
    yield component
    yield* nodes(component.components)
    yield* nodes([component.accessory, component.component].filter(Boolean))
  }
}

/** @throws PageError when the message or its component is gone, disabled or was given wrong values */
export function sendComponent(
  state: State,
  actor: Actor,
  record: MessageRecord,
  body: Json,
): InteractionRecord {
  const component = [...nodes(record.message.components)].find(({ custom_id }) => custom_id === body.customId)
  if (!component) throw new PageError(404, 'The message no longer has this button or menu.')
  if (component.disabled === true) throw new PageError(400, 'This button or menu is switched off.')
  const { type, custom_id, id } = component
  const resolved = createResolved(state, actor.member, actor.channel)
  const values = type === BUTTON ? {} : { values: chosen(component, body.values, resolved) }
  const data = { component_type: type, custom_id, id, ...values, ...resolved.json() }
  return createInteraction(state, { ...actor, type: 3, messageId: record.message.id, data })
}

/** The values of a select, checked. */
function chosen(select: Json, given: unknown, resolved: Resolved): string[] {
  const values = Array.isArray(given) ? given.map(String) : []
  const least = select.required === false ? 0 : Number(select.min_values ?? 1)
  const most = Number(select.max_values ?? 1)
  if (values.length < least || values.length > most) {
    const number = least === most ? String(least) : `${least} to ${most}`
    throw new PageError(400, `Please choose ${number}; you chose ${values.length}.`)
  }
  for (const value of values) {
    if (!isChoice(select, value, resolved)) throw new PageError(400, `“${value}” is not in the list.`)
  }
  return values
}

function isChoice(select: Json, value: string, resolved: Resolved): boolean {
  switch (select.type) {
    case USER_SELECT:
      return resolved.user(value)
    case ROLE_SELECT:
      return resolved.role(value)
    case MENTIONABLE_SELECT:
      return resolved.user(value) || resolved.role(value)
    case CHANNEL_SELECT:
      return resolved.channel(value)
    default:
      return asObjects(select.options).some((option) => option.value === value)
  }
}

/**
 * Sends a filled-in form; fields that are left out keep what the form came with. Files come as uploads
 * `files[FIELD]`, `files[FIELD.1]` and so on.
 * @throws PageError when the form is not open or a field does not fit
 */
export async function sendModal(
  state: State,
  member: Member,
  opened: InteractionRecord,
  body: Json,
  uploads: Upload[],
): Promise<InteractionRecord> {
  const { modal } = opened
  const channel = state.channels.get(opened.channelId)
  if (!modal || !channel || opened.userId !== member.user.id)
    throw new PageError(404, 'This form is no longer open.')
  const actor = { member, channel }
  const resolved = createResolved(state, member, channel)
  const fields = asObject(body.fields) ?? {}
  const components: Json[] = []
  for (const [place, component] of asObjects(modal.components).entries()) {
    const inner = asObject(component.component) ?? asObjects(component.components)[0]
    const id = place * 2 + 1
    if (!inner) {
      components.push({ type: component.type, id })
      continue
    }
    const label = asText(component.label) || asText(inner.label)
    const value = await fieldValue(state, actor, { inner, label, fields, uploads, resolved })
    const filled = { type: inner.type, id: id + 1, custom_id: inner.custom_id, ...value }
    const key = component.component === undefined ? { components: [filled] } : { component: filled }
    components.push({ type: component.type, id, ...key })
  }
  return createInteraction(state, {
    ...actor,
    type: 5,
    parentId: opened.id,
    ...(opened.messageId === undefined ? {} : { messageId: opened.messageId }),
    data: { custom_id: modal.custom_id, components, ...resolved.json() },
  })
}

type Field = { inner: Json; label: string; fields: Json; uploads: Upload[]; resolved: Resolved }

async function fieldValue(state: State, actor: Actor, field: Field): Promise<Json> {
  const { inner, label, fields, uploads, resolved } = field
  const name = asText(inner.custom_id)
  const given = fields[name]
  switch (inner.type) {
    case TEXT_INPUT:
      return { value: textValue(inner, label, given ?? inner.value ?? '') }
    case FILE_UPLOAD: {
      const own = uploads.filter(
        ({ field }) => field === `files[${name}]` || field.startsWith(`files[${name}.`),
      )
      if (own.length === 0 && inner.required !== false) throw new PageError(400, `“${label}” needs a file.`)
      const ids: string[] = []
      for (const upload of own) ids.push(await attach(state, actor, resolved, upload))
      return { values: ids }
    }
    case CHECKBOX:
      return { value: given === undefined ? inner.default === true : given === true }
    case RADIO_GROUP: {
      const list = given === undefined ? presets(inner) : given === null ? [] : [given]
      return { value: chosen({ ...inner, type: STRING_SELECT }, list, resolved)[0] ?? null }
    }
    case CHECKBOX_GROUP: {
      const most = inner.max_values ?? asObjects(inner.options).length
      return {
        values: chosen(
          { ...inner, type: STRING_SELECT, max_values: most },
          given ?? presets(inner),
          resolved,
        ),
      }
    }
    default:
      return { values: chosen(inner, given ?? presets(inner), resolved) }
  }
}

const presets = (inner: Json): unknown[] =>
  asObjects(inner.options ?? inner.default_values)
    .filter((option) => option.default === true || inner.default_values !== undefined)
    .map((option) => option.value ?? option.id)

function textValue(inner: Json, label: string, given: unknown): string {
  const text = String(given)
  const length = lengthOf(text)
  const { min_length: min = 0, max_length: max = 4000 } = inner as {
    min_length?: number
    max_length?: number
  }
  if (text === '' && inner.required !== false) throw new PageError(400, `“${label}” must be filled in.`)
  if (length > max) throw new PageError(400, `“${label}” may have ${max} characters; this has ${length}.`)
  if (text !== '' && length < min) throw new PageError(400, `“${label}” needs at least ${min} characters.`)
  return text
}
