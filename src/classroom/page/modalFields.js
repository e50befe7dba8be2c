/** The parts of a form: text inputs, menus, choices, files, text. A new kind is one function and one line in `kinds`. */
import { el, fill, freshId } from './dom.js'
import { markdown } from './markdown.js'
import { selectChoices } from './selectChoices.js'

const PARAGRAPH = 2

/**
 * @typedef {{node: HTMLElement, check: () => boolean, focus?: () => void,
 *   collect: (values: Record<string, unknown>, files: Record<string, File>) => void}} Field
 * @param {any} component a top-level component of a modal
 * @param {import('./main.js').Room} room
 * @returns {Field}
 */
export function createField(component, room) {
  if (component.type === 10) {
    const node = el('div', { class: 'text' }, markdown(component.content ?? '', room))
    return { node, check: () => true, collect: () => {} }
  }
  // Label (18) wraps its control; the older form is an action row with a text input that carries its own label.
  const inner = component.component ?? component.components?.[0] ?? component
  const label = component.label ?? inner.label ?? ''
  const make = kinds[inner.type]
  if (!make) {
    const node = el(
      'p',
      { class: 'subtext' },
      `“${label}” cannot be filled in here (kind ${Number(inner.type)}).`,
    )
    return { node, check: () => true, collect: () => {} }
  }
  const id = freshId('field')
  const required = inner.required !== false
  return labelled({ id, label, description: component.description, required, inner }, make(inner, id, room))
}

function labelled({ id, label, description, required, inner }, control) {
  const problem = el('p', { class: 'field-error', id: `${id}-error` })
  const hint = el('p', { class: 'field-hint', id: `${id}-hint` }, description ?? '')
  control.node.setAttribute('aria-describedby', `${id}-hint ${id}-error`)
  const head = [label, required ? '' : el('span', { class: 'subtle' }, ' optional')]
  const node = control.group
    ? el('fieldset', { class: 'field' }, el('legend', {}, ...head), hint, control.node, problem)
    : el('div', { class: 'field' }, el('label', { for: id }, ...head), hint, control.node, problem)
  return {
    node,
    check() {
      const wrong = control.problem?.() || (required && control.empty() ? 'Please fill this in.' : '')
      fill(problem, wrong)
      control.node.toggleAttribute('aria-invalid', Boolean(wrong))
      return !wrong
    },
    focus: () => (control.group ? control.node.querySelector('input') : control.node).focus(),
    collect: (values, files) => control.collect(inner.custom_id, values, files),
  }
}

function textInput(inner, id) {
  const limits = { maxlength: inner.max_length ?? 4000, placeholder: inner.placeholder }
  const node =
    inner.style === PARAGRAPH
      ? el('textarea', { id, rows: 4, ...limits })
      : el('input', { id, type: 'text', ...limits })
  node.value = inner.value ?? ''
  const tooShort = () => node.value !== '' && node.value.length < (inner.min_length ?? 0)
  return {
    node,
    empty: () => node.value.trim() === '',
    problem: () => (tooShort() ? `At least ${inner.min_length} characters, please.` : ''),
    collect: (name, values) => (values[name] = node.value),
  }
}

function menu(inner, id, room) {
  const many = (inner.max_values ?? 1) > 1
  const choices = selectChoices(inner, room)
  const options = choices.map((one) => el('option', { value: one.value, selected: one.default }, one.label))
  const none = many ? undefined : el('option', { value: '' }, inner.placeholder ?? 'Choose…')
  const node = el('select', { id, multiple: many }, none, ...options)
  const chosen = () => [...node.selectedOptions].map((one) => one.value).filter(Boolean)
  return { node, empty: () => chosen().length === 0, collect: (name, values) => (values[name] = chosen()) }
}

/** Radio buttons or checkboxes. */
const group = (type) => (inner, id) => {
  const boxes = inner.options.map((one) =>
    el(
      'label',
      { class: 'choice' },
      el('input', { type, name: id, value: one.value, checked: one.default }),
      el('span', {}, one.label, one.description && el('span', { class: 'field-hint' }, one.description)),
    ),
  )
  const node = el('div', { class: 'choices' }, ...boxes)
  const chosen = () => [...node.querySelectorAll('input:checked')].map((one) => one.value)
  const value = () => (type === 'radio' ? (chosen()[0] ?? null) : chosen())
  return {
    node,
    group: true,
    empty: () => chosen().length === 0,
    collect: (name, values) => (values[name] = value()),
  }
}

function checkbox(inner, id) {
  const node = el('input', { id, type: 'checkbox', checked: inner.default })
  return { node, empty: () => false, collect: (name, values) => (values[name] = node.checked) }
}

function fileUpload(inner, id) {
  const node = el('input', { id, type: 'file', multiple: (inner.max_values ?? 1) > 1 })
  const collect = (name, values, files) => {
    for (const [i, file] of [...node.files].entries()) files[i === 0 ? name : `${name}.${i}`] = file
  }
  return { node, empty: () => node.files.length === 0, collect }
}

const kinds = {
  3: menu,
  4: textInput,
  5: menu,
  6: menu,
  7: menu,
  8: menu,
  19: fileUpload,
  21: group('radio'),
  22: group('checkbox'),
  23: checkbox,
}
