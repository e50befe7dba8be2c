/** Message components: rows, buttons and selects, and the limits of Components V2. */
import { asObject, asObjects, asText, lengthOf, tooLong } from './errors.ts'
import type { Json, RuleError } from './errors.ts'

const ACTION_ROW = 1
const BUTTON = 2
const STRING_SELECT = 3
const TEXT_DISPLAY = 10
const LINK = 5
const PREMIUM = 6

const MAX_ROWS = 5
const MAX_COMPONENTS = 40
const MAX_TEXT = 4000

type Placed = { component: Json; path: string[] }

/** All components with their paths, parents before children: `components`, a section's `accessory`, a label's `component`. */
export function placedComponents(list: unknown, path: string[] = ['components']): Placed[] {
  return asObjects(list).flatMap((component, i) => withChildren(component, [...path, String(i)]))
}

function withChildren(component: Json, path: string[]): Placed[] {
  const single = ['accessory', 'component'].flatMap((key) => {
    const child = asObject(component[key])
    return child === undefined ? [] : withChildren(child, [...path, key])
  })
  return [{ component, path }, ...placedComponents(component.components, [...path, 'components']), ...single]
}

/** One message or modal must not use the same custom id twice. */
export function checkCustomIds(placed: Placed[]): RuleError[] {
  const seen = new Set<string>()
  return placed.flatMap(({ component, path }) => {
    const id = asText(component.custom_id)
    if (id === '' || !seen.has(id)) {
      seen.add(id)
      return []
    }
    return [
      {
        path: [...path, 'custom_id'],
        code: 'COMPONENT_CUSTOM_ID_DUPLICATED',
        message: 'Component custom id cannot be duplicated',
      },
    ]
  })
}

const checkButton = (button: Json, path: string[]): RuleError[] => {
  const hasId = asText(button.custom_id) !== ''
  if (button.style === PREMIUM) return []
  if (button.style !== LINK) {
    if (hasId) return []
    return [
      {
        path: [...path, 'custom_id'],
        code: 'BUTTON_COMPONENT_CUSTOM_ID_REQUIRED',
        message: 'A custom id is required',
      },
    ]
  }
  const errors: RuleError[] = []
  if (asText(button.url) === '') {
    errors.push({ path: [...path, 'url'], code: 'BASE_TYPE_REQUIRED', message: 'This field is required' })
  }
  if (hasId) {
    errors.push({
      path: [...path, 'custom_id'],
      code: 'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
      message: 'A custom id and url cannot both be specified',
    })
  }
  return errors
}

/** A row holds up to five buttons or one select. */
const checkRow = (row: Json, path: string[]): RuleError[] => {
  const children = asObjects(row.components)
  const fits = children.every((child) => child.type === BUTTON) ? 5 : 1
  if (children.length <= fits) return []
  return [
    {
      path: [...path, 'components', String(fits)],
      code: 'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
      message: 'The specified component exceeds the maximum width',
    },
  ]
}

const checkOptions = (select: Json, path: string[]): RuleError[] => {
  const values = asObjects(select.options).map((option) => asText(option.value))
  return values.flatMap((value, i) =>
    values.indexOf(value) === i
      ? []
      : [
          {
            path: [...path, 'options', String(i), 'value'],
            code: 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
            message: 'The specified option value is already used',
          },
        ],
  )
}

const checkOne = ({ component, path }: Placed): RuleError[] => {
  if (component.type === BUTTON) return checkButton(component, path)
  if (component.type === ACTION_ROW) return checkRow(component, path)
  if (component.type === STRING_SELECT) return checkOptions(component, path)
  return []
}

const checkLegacy = (components: unknown): RuleError[] => {
  const top = asObjects(components)
  const errors: RuleError[] = top.flatMap((component, i) =>
    component.type === ACTION_ROW
      ? []
      : [
          {
            path: ['components', String(i)],
            code: 'UNION_TYPE_CHOICES',
            message: 'Value of field "type" must be one of (1,).',
          },
        ],
  )
  return top.length > MAX_ROWS ? [...errors, tooLong(['components'], MAX_ROWS)] : errors
}

const checkTotals = (placed: Placed[]): RuleError[] => {
  const errors: RuleError[] = []
  if (placed.length > MAX_COMPONENTS) {
    errors.push({
      path: ['components'],
      code: 'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
      message: `The total number of components, nested ones included, cannot exceed ${MAX_COMPONENTS}`,
    })
  }
  const texts = placed.filter(({ component }) => component.type === TEXT_DISPLAY)
  if (texts.reduce((sum, { component }) => sum + lengthOf(component.content), 0) > MAX_TEXT) {
    errors.push({
      path: ['components'],
      code: 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
      message: `Components displayable text size exceeds maximum size of ${MAX_TEXT}`,
    })
  }
  return errors
}

/** All rules for a message's `components`; `v2` says whether the message has the Components V2 flag. */
export function checkComponents(components: unknown, v2: boolean): RuleError[] {
  const placed = placedComponents(components)
  return [
    ...(v2 ? checkTotals(placed) : checkLegacy(components)),
    ...checkCustomIds(placed),
    ...placed.flatMap(checkOne),
  ]
}
