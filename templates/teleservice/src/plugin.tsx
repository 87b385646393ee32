import { definePlugin } from '@liberacces/sdk'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { RequestDecided, RequestReceived } from './contract.ts'
import { fillDemo } from './demo.ts'
import { request } from './migrations/0001-request.ts'
import { contributeToBureau } from './pages/bureau-tile.tsx'
import { registerDecisionForm } from './pages/decision-form.ts'
import { registerInbox } from './pages/inbox.tsx'
import { registerOwnRequests } from './pages/own-requests.tsx'
import { registerPlans } from './pages/plans.ts'
import { registerRequestForm } from './pages/request-form.ts'
import { registerRequestPage } from './pages/request-page.tsx'
import { privacy } from './privacy.ts'
import type { Tables } from './tables.ts'

/** A service online: citizens ask for a permit, agents decide, the answer comes by mail and stands on the citizen's page. */
export default definePlugin<Tables>()({
  id: 'org.example.street-permit',
  version: '0.1.0',
  path: 'occupation-voirie',
  sdk: '^0.1.0',
  license: 'MIT',
  title: { fr: 'Autorisation de voirie', en: 'Street permit' },
  description: { fr: 'Demander à occuper la voie publique, instruire les demandes et y répondre.', en: 'Ask to use the public road, examine requests and answer them.' },
  publisher: { name: 'Example', contact: 'https://example.org' },
  scopes: ['db', 'files'],
  optionalScopes: {
    'mail:send': { fr: 'Les demandeurs ne reçoivent pas la décision par courriel : ils la lisent sur leur page.', en: 'Applicants get no decision by mail: they read it on their page.' },
  },
  permissions: {
    'request.send': { title: { fr: 'Demander une autorisation', en: 'Ask for a permit' }, roles: ['citizen'] },
    'request.read': { title: { fr: 'Consulter les demandes', en: 'Read requests' }, roles: ['agent', 'tenant-admin'] },
    'request.decide': { title: { fr: 'Décider des demandes', en: 'Decide on requests' }, roles: ['agent', 'tenant-admin'] },
  },
  migrations: { '0001-request': request },
  emits: [RequestReceived, RequestDecided],
  privacy,
  messages: { fr, en },
  demo: fillDemo,
  setup(k) {
    registerOwnRequests(k)
    registerRequestForm(k)
    registerInbox(k)
    registerRequestPage(k)
    registerDecisionForm(k)
    registerPlans(k)
    contributeToBureau(k)
  },
})
