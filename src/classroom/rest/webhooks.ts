/** Messages by an interaction's token. */
import { followUp } from '../callback.ts'
import { apiError } from '../errors.ts'
import { mustHaveToken } from '../interactions.ts'
import { deleteMessage, editMessage, mustFind } from '../messages.ts'
import type { InteractionRecord, MessageRecord } from '../types.ts'
import { messageJson } from '../views.ts'
import { openRoute, type ApiRequest, type Route } from './router.ts'

const interactionOf = ({ state, params }: ApiRequest): InteractionRecord =>
  mustHaveToken(state, params.application ?? '', params.token ?? '')

/** `@original`, a follow-up of the same token, or the message whose button or menu was used. */
function target(request: ApiRequest): MessageRecord {
  const { state, params } = request
  const interaction = interactionOf(request)
  const id = params.message ?? interaction.originalId
  if (id === undefined) throw apiError('unknownMessage')
  const record = mustFind(state, id)
  const isOwn = id === interaction.originalId || record.interactionId === interaction.id
  if (!isOwn && id !== interaction.messageId) throw apiError('unknownMessage')
  return record
}

const get = (request: ApiRequest) => ({ body: messageJson(request.state, target(request)) })

async function edit(request: ApiRequest) {
  const { state, body, uploads } = request
  const { message } = target(request)
  const record = await editMessage(state, message.id, { body, uploads, kind: 'webhook' })
  return { body: messageJson(state, record) }
}

function remove(request: ApiRequest): undefined {
  deleteMessage(request.state, target(request))
}

const base = '/webhooks/:application/:token'

export const webhookRoutes: Route[] = [
  openRoute('POST', base, async (request) => {
    const { state, body, uploads } = request
    const record = await followUp(state, interactionOf(request), body, uploads)
    return { body: messageJson(state, record) }
  }),
  ...[`${base}/messages/@original`, `${base}/messages/:message`].flatMap((path) => [
    openRoute('GET', path, get),
    openRoute('PATCH', path, edit),
    openRoute('DELETE', path, remove),
  ]),
]
