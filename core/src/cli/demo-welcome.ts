import type { DemoAccount } from '../demo/demo-accounts.ts'
import { textTable } from './text-table.ts'

/** Whose logins are shown, in this order; the others stand in the file. */
const SHOWN = ['pool', 'aytre', 'perigny', 'la-rochelle']

const PROFILES: Readonly<Record<string, string>> = {
  'pool-admin': 'administration du Pool',
  'tenant-admin': 'administration',
  'agent': 'agent',
  'agent.communication': 'agent, communication',
  'citizen': 'usager',
}

/** Where to go and who to be, in French: the first thing that someone reads who tries the platform. */
export function demoWelcome({ pool, accountsFile, accounts }: { readonly pool: string; readonly accountsFile: string; readonly accounts: readonly DemoAccount[] }): string {
  const shown = accounts
    .filter(({ tenant }) => SHOWN.includes(tenant))
    .sort((a, b) => SHOWN.indexOf(a.tenant) - SHOWN.indexOf(b.tenant))
  return [
    `LiberAccès est prêt : ${pool}`,
    '',
    ...(shown.length === 0 ? [] : [
      textTable(['adresse', 'profil', 'identifiant', 'mot de passe'], shown.map(({ url, role, login, password }) => [url, PROFILES[role] ?? role, login, password]), ''),
      '',
      'Guichet des usagers à l’adresse de chaque collectivité, Bureau des agents sous /bureau, administration sous /admin.',
      `Les ${accounts.length} comptes de la démonstration : ${accountsFile}`,
    ]),
    'Arrêter : Ctrl+C. Les données sont conservées pour le prochain démarrage.',
  ].join('\n')
}
