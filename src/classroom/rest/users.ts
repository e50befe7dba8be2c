/** Users, and where the gateway is. */
import { apiError } from '../errors.ts'
import { route, type ApiRequest, type Route } from './router.ts'

const me = ({ state }: ApiRequest) => ({
  body: {
    ...state.bot.user,
    mfa_enabled: true,
    locale: 'en-US',
    premium_type: 0,
    email: null,
    verified: true,
  },
})

function user({ state, params }: ApiRequest) {
  const member = state.members.get(params.user ?? '')
  if (!member) throw apiError('unknownUser')
  return { body: member.user }
}

const gateway = ({ state }: ApiRequest) => ({
  body: {
    url: `${state.origin.replace(/^http/, 'ws')}/gateway`,
    shards: 1,
    session_start_limit: { total: 1000, remaining: 999, reset_after: 14_400_000, max_concurrency: 1 },
  },
})

export const userRoutes: Route[] = [
  route('GET', '/gateway/bot', gateway),
  route('GET', '/users/@me', me),
  route('GET', '/users/:user', user),
]
