import { definePlugin } from '@liberacces/sdk'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { ReportHandedOver } from './contract.ts'
import { fillDemo } from './demo.ts'
import { report } from './migrations/0001-report.ts'
import { contributeToBureau } from './pages/bureau-tile.tsx'
import { registerQueuePage } from './pages/queue-page.tsx'
import { registerReportForm } from './pages/report-form.ts'
import { handOverDue } from './reports.ts'
import { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** A connector: citizens report problems of roads, an application of the authority gets them, and none is lost while it is away. */
export default definePlugin<Tables>()({
  id: 'org.example.road-report',
  version: '0.1.0',
  path: 'signalements-voirie',
  sdk: '^0.1.0',
  license: 'MIT',
  title: { fr: 'Signaler un problème de voirie', en: 'Report a road problem' },
  description: { fr: 'Recevoir les signalements des habitants et les transmettre à l’application des services techniques.', en: 'Take reports of inhabitants and hand them to the application of the technical services.' },
  publisher: { name: 'Example', contact: 'https://example.org' },
  scopes: ['db'],
  optionalScopes: {
    'net:voirie.example.org': { fr: 'Les signalements restent sur la plateforme : ils ne sont pas transmis à l’application des services techniques.', en: 'Reports stay on the platform: they are not handed to the application of the technical services.' },
  },
  settings: Settings,
  permissions: {
    'report.read': { title: { fr: 'Consulter les signalements', en: 'Read reports' }, roles: ['agent', 'tenant-admin'] },
    'report.retry': { title: { fr: 'Relancer la transmission', en: 'Try handing over again' }, roles: ['agent', 'tenant-admin'] },
  },
  migrations: { '0001-report': report },
  emits: [ReportHandedOver],
  // Reports are about places: nobody is asked who they are.
  privacy: { stores: [] },
  messages: { fr, en },
  demo: fillDemo,
  setup(k) {
    registerReportForm(k)
    registerQueuePage(k)
    contributeToBureau(k)
    k.schedule({ id: 'hand-over', cron: '*/5 * * * *', timeoutMs: 600_000 }, async (c) => {
      const taken = await handOverDue(c)
      if (taken > 0) c.log.info('reports were handed over', { taken })
    })
  },
})
