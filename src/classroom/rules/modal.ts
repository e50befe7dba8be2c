/** Interaction callbacks: which data goes with which type, and modals. */
import { asObject, asObjects, lengthOf, tooLong, under } from './errors.ts'
import type { Json, RuleError } from './errors.ts'
import { checkCustomIds, placedComponents } from './components.ts'
import type { UploadedFile } from './files.ts'
import { checkMessage } from './message.ts'
import type { MessageContext } from './message.ts'

const CALLBACK = {
  message: 4,
  deferMessage: 5,
  deferUpdate: 6,
  update: 7,
  choices: 8,
  modal: 9,
} as const

const EPHEMERAL = 1 << 6
const MAX_TOP_LEVEL = 5
const MAX_CHOICE_VALUE = 100

/** A modal: 1 to 5 top-level components, unique custom ids, nothing disabled. */
export function checkModal(data: Json): RuleError[] {
  const top = asObjects(data.components)
  const placed = placedComponents(data.components)
  const errors = checkCustomIds(placed)
  if (top.length < 1 || top.length > MAX_TOP_LEVEL) {
    errors.push({
      path: ['components'],
      code: 'BASE_TYPE_BAD_LENGTH',
      message: `Must be between 1 and ${MAX_TOP_LEVEL} in length.`,
    })
  }
  for (const { component, path } of placed) {
    if (component.disabled !== true) continue
    errors.push({
      path: [...path, 'disabled'],
      code: 'BASE_TYPE_CHOICES',
      message: 'Value must be one of (False,).',
    })
  }
  return errors
}

const checkDefer = (data: Json): RuleError[] =>
  (Number(data.flags ?? 0) & ~EPHEMERAL) === 0
    ? []
    : [{ path: ['flags'], code: 'BASE_TYPE_CHOICES', message: `Value must be one of (0, ${EPHEMERAL}).` }]

const checkChoices = (data: Json): RuleError[] =>
  asObjects(data.choices).flatMap((choice, i) =>
    lengthOf(choice.value) > MAX_CHOICE_VALUE
      ? [tooLong(['choices', String(i), 'value'], MAX_CHOICE_VALUE)]
      : [],
  )

/** POST .../callback. `context` tells what a type-7 update starts from and how large a file may be. */
export function checkCallback(
  body: Json,
  files: UploadedFile[],
  context: Omit<MessageContext, 'kind' | 'isEdit'> = {},
): RuleError[] {
  const data = asObject(body.data) ?? {}
  const check = (): RuleError[] => {
    switch (body.type) {
      case CALLBACK.message:
        return checkMessage(data, files, { ...context, kind: 'callback' })
      case CALLBACK.update:
        return checkMessage(data, files, { ...context, kind: 'callback', isEdit: true })
      case CALLBACK.deferMessage:
        return checkDefer(data)
      case CALLBACK.choices:
        return checkChoices(data)
      case CALLBACK.modal:
        return checkModal(data)
      default:
        return []
    }
  }
  return under(['data'], check())
}
