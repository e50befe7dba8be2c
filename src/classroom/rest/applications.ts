/** The bot's application. */
import { route, type ApiRequest, type Route } from './router.ts'

const application = ({ state }: ApiRequest) => {
  const owner = state.members.get(state.guild.owner_id)?.user
  return {
    body: {
      id: state.guild.application_id,
      name: state.bot.user.username,
      icon: null,
      description: '',
      type: null,
      bot: state.bot.user,
      bot_public: false,
      bot_require_code_grant: false,
      verify_key: '0'.repeat(64),
      flags: 0,
      flags_new: '0',
      redirect_uris: [],
      interactions_endpoint_url: null,
      role_connections_verification_url: null,
      owner,
      approximate_guild_count: 1,
      approximate_user_install_count: 0,
      approximate_user_authorization_count: 0,
      explicit_content_filter: 0,
      team: null,
      eligible_oauth2_scopes: ['bot', 'applications.commands'],
    },
  }
}

export const applicationRoutes: Route[] = [
  route('GET', '/applications/@me', application),
  route('GET', '/oauth2/applications/@me', application),
]
