import type { RequestState } from '../permit-request.ts'

/** The look of a state; its words say the same. */
export const BADGE_OF_STATE = { received: 'info', granted: 'success', refused: 'neutral' } as const satisfies Record<RequestState, string>
