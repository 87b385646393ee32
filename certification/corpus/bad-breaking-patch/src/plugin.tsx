import { basePlugin } from '#base'

// The notes are written by the agents' software now; nobody says any more that one came.
export default basePlugin({ version: '1.0.1', emits: [], without: ['form', 'api', 'handler', 'service'] })
