import type { RegisterLine } from '../privacy/privacy.ts'
import type { Tenant } from '../tenancy/tenant.ts'

const BASES: Readonly<Record<string, string>> = {
  'consent': 'consentement', 'contract': 'contrat', 'legal-obligation': 'obligation légale', 'vital-interests': 'sauvegarde des intérêts vitaux', 'public-task': 'mission d’intérêt public', 'legitimate-interests': 'intérêts légitimes',
}

/** A tenant's register of processing activities (GDPR, article 30) as people read it: Markdown, in French. */
export function registerText({ info }: Tenant, lines: readonly RegisterLine[]): string {
  const rows = lines.map(({ pluginId, plugin, table, purpose, basis, retentionDays }) =>
    [`${plugin.fr} (${pluginId})`, table, purpose.fr, BASES[basis] ?? basis, retentionDays === null ? 'sans limite (obligation légale)' : `${retentionDays} jours`].map(cell).join(' | '))
  return [
    `# Registre des activités de traitement — ${info.name}`, '',
    'Établi d’après ce que déclarent les modules activés (RGPD, article 30). Les comptes, les rôles et le journal d’audit du noyau s’y ajoutent : gestion des accès et traçabilité, mission d’intérêt public.', '',
    'Module | Table | Finalité | Base légale | Durée de conservation', '--- | --- | --- | --- | ---',
    ...rows, '',
  ].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim()
}
