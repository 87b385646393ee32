import { definePlugin } from '@liberacces/sdk'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { registerItemRoutes } from './api.ts'
import { ItemReturned } from './contract.ts'
import { fillDemo } from './demo.ts'
import { forgetFinder } from './finder.ts'
import { KeepingEnded } from './keeping-ended.ts'
import { item } from './migrations/0001-item.ts'
import { registerAgentList } from './pages/agent-list.tsx'
import { contributeToBureau } from './pages/bureau-tile.tsx'
import { registerPublicList } from './pages/public-list.tsx'
import { registerRecordForm } from './pages/record-form.ts'
import { registerReturnAction } from './pages/return-action.ts'
import { privacy } from './privacy.ts'
import { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** The lost property office: agents record what was found, everyone searches for what they lost. */
export default definePlugin<Tables>()({
  id: 'org.example.lost-property',
  version: '0.1.0',
  path: 'objets-trouves',
  sdk: '^0.1.0',
  license: 'MIT',
  title: { fr: 'Objets trouvés', en: 'Lost property' },
  description: { fr: 'Enregistrer les objets trouvés, les montrer au public et les rendre à leur propriétaire.', en: 'Record what was found, show it to the public and give it back to its owner.' },
  publisher: { name: 'Example', contact: 'https://example.org' },
  scopes: ['db'],
  settings: Settings,
  permissions: {
    'item.read': { title: { fr: 'Consulter le registre des objets trouvés', en: 'Read the register of lost property' }, roles: ['agent', 'tenant-admin'] },
    'item.write': { title: { fr: 'Enregistrer et rendre des objets', en: 'Record items and give them back' }, roles: ['agent', 'tenant-admin'] },
  },
  migrations: { '0001-item': item },
  emits: [ItemReturned, KeepingEnded],
  privacy,
  messages: { fr, en },
  demo: fillDemo,
  setup(k) {
    registerPublicList(k)
    registerAgentList(k)
    registerRecordForm(k)
    registerReturnAction(k)
    registerItemRoutes(k)
    contributeToBureau(k)
    k.on(KeepingEnded, forgetFinder)
  },
})
