/** Who you are in this classroom: anyone of the class, at any time. */
import { avatar } from './avatar.js'
import { el, fill, keepFocus } from './dom.js'

/**
 * @param {HTMLElement} place
 * @param {{persons: {id: string, name: string, instructor: boolean}[], chosen: string, choose: (id: string) => unknown}} options
 */
export function drawPersons(place, { persons, chosen, choose }) {
  const buttons = persons.map((person) =>
    el(
      'label',
      { class: 'person' },
      el('input', {
        type: 'radio',
        name: 'person',
        value: person.id,
        'data-key': person.id,
        checked: person.id === chosen,
        onchange: () => choose(person.id),
      }),
      avatar(person),
      el('span', { class: 'person-name' }, person.name),
      el('span', { class: 'person-role' }, person.instructor ? 'instructor' : 'student'),
    ),
  )
  keepFocus(place, () => fill(place, el('fieldset', {}, el('legend', {}, 'You are'), ...buttons)))
}
