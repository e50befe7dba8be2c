import { answerInteraction } from '../callback.ts'
import { openRoute, type Route } from './router.ts'

export const interactionRoutes: Route[] = [
  openRoute(
    'POST',
    '/interactions/:interaction/:token/callback',
    async ({ state, params, query, body, uploads }) => {
      const { interaction = '', token = '' } = params
      const response = await answerInteraction(state, { id: interaction, token }, body, uploads)
      return query.get('with_response') === 'true' ? { body: response } : undefined
    },
  ),
]
