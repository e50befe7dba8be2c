import { expect, test } from 'vitest'
import type { Exchange } from '../../src/classroom/index.ts'
import {
  ID,
  answer,
  bulk,
  button,
  callback,
  exchange,
  get,
  message,
  row,
  send,
  upload,
  user,
  violations,
} from '../support/specSamples.ts'

const faults: [string, Exchange, RegExp][] = [
  ['a wrong type', send({ content: 7 }), /request: \/content must be string,null/],
  [
    'content over 4000 characters',
    send({ content: 'a'.repeat(4001) }),
    /\/content must NOT have more than 4000/,
  ],
  ['an unknown route', exchange({ path: `/channels/${ID}/mesages` }), /no such operation/],
  ['a method that the route does not have', exchange({ method: 'PUT' }), /no such operation/],
  ['the typo `embed`', send({ content: 'a', embed: {} }), /request: \/embed is not a known key/],
  [
    'the typo `allowedMentions`',
    send({ content: 'a', allowedMentions: {} }),
    /\/allowedMentions is not a known key/,
  ],
  [
    'a typo inside a button',
    send({ components: [{ ...row, components: [{ ...button, customId: 'a' }] }] }),
    /\/components\/0\/components\/0\/customId is not/,
  ],
  [
    'a typo in callback data',
    callback({ type: 4, data: { contents: 'a' } }),
    /\/data\/contents is not a known key/,
  ],
  ['a missing required query', get(`/guilds/${ID}/members/search`, []), /query: query is required/],
  ['an undeclared query', get(`/channels/${ID}/messages`, [], { page: '2' }), /query: page is not declared/],
  [
    'a query out of range',
    get(`/channels/${ID}/messages`, [], { limit: '500' }),
    /query: limit .* must be (?:integer|<= 100)/,
  ],
  ['an id in the path that is no id', exchange({ path: '/channels/undefined/messages' }), /path: channel_id/],
  [
    'a content type that is not listed',
    exchange({ requestType: 'text/plain' as 'json' }),
    /content type text\/plain is not listed/,
  ],
  [
    'a multipart body where only JSON goes',
    upload({ method: 'PUT', path: `/applications/${ID}/commands`, responseBody: [] }),
    /multipart\/form-data is not listed/,
  ],
  ['a missing body', exchange({ requestType: 'none', requestBody: undefined }), /a body is required/],
  [
    'a body where none goes',
    { ...get(`/channels/${ID}/messages`, []), requestType: 'json', requestBody: {} },
    /this operation takes no body/,
  ],
  [
    'a file in a field of another name',
    upload({ files: [{ field: 'file', name: 'a.png', type: 'image/png', size: 1 }] }),
    /file field file is not one of/,
  ],
  [
    'an attachment without id',
    upload({ requestBody: { attachments: [{ description: 'A heart' }] } }),
    /\/attachments\/0 must have required property 'id'/,
  ],
  [
    'a label over 80 characters',
    send({ components: [{ ...row, components: [{ ...button, label: 'a'.repeat(81) }] }] }),
    /label must NOT have more than 80/,
  ],
  [
    'a custom id over 100 characters',
    send({ components: [{ ...row, components: [{ ...button, custom_id: 'a'.repeat(101) }] }] }),
    /custom_id must NOT have more than 100/,
  ],
  [
    'a sixth button in a row',
    send({ components: [{ ...row, components: Array.from({ length: 6 }, () => button) }] }),
    /must NOT have more than 5 items/,
  ],
  [
    'an unknown button style',
    send({ components: [{ ...row, components: [{ ...button, style: 9 }] }] }),
    /components\/0\/style/,
  ],
  [
    'a modal title over 45 characters',
    callback({
      type: 9,
      data: { custom_id: 'm', title: 'a'.repeat(46), components: [{ type: 10, content: 'a' }] },
    }),
    /\/data\/title must NOT have more than 45/,
  ],
  [
    '26 autocomplete choices',
    callback({
      type: 8,
      data: { choices: Array.from({ length: 26 }, (_, i) => ({ name: `${i}`, value: `${i}` })) },
    }),
    /must NOT have more than 25 items/,
  ],
  [
    'a command description over 100 characters',
    bulk({ name: 'a', description: 'a'.repeat(101) }),
    /\/0\/description must NOT have more than 100/,
  ],
  [
    'an option of an unknown type',
    bulk({ name: 'a', description: 'a', options: [{ type: 99, name: 'a', description: 'a' }] }),
    /\/0\/options\/0/,
  ],
  [
    'permission words instead of bits',
    bulk({ name: 'a', description: 'a', default_member_permissions: 'ManageGuild' }),
    /default_member_permissions must match pattern/,
  ],
  [
    'an answer without a field',
    answer({ ...message, mentions: undefined, author: { ...user, primary_guild: undefined } }),
    /response 200: .*primary_guild/,
  ],
  [
    'an answer with a field of the wrong type',
    answer({ ...message, timestamp: 1700000000 }),
    /\/timestamp must be string/,
  ],
  [
    'an answer with a key of our own',
    answer({ ...message, classroom: true }),
    /\/classroom is not a known key/,
  ],
  ['a status that is not listed', answer(message, 201), /response 201: this status is not listed/],
  [
    'a body in a 204',
    { ...callback({ type: 6 }), responseBody: {} },
    /response 204: this answer has no body/,
  ],
  ['an error without code', answer({ message: 'no' }, 404), /must have required property 'code'/],
  ['a failing classroom', answer({ code: 0, message: 'oops' }, 501), /response: status 501/],
]

test.each(faults)('catches %s', (_, given, words) => {
  expect(violations(given).join('\n')).toMatch(words)
})
