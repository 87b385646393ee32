import type { Tenant } from '../tenancy/tenant.ts'

/** What the archive says of itself to whoever opens it by hand. */
export function readmeText({ info }: Tenant, passwords: boolean): string {
  return `${info.name} — export LiberAccès

Cette archive contient toutes les données de la collectivité : comptes, rôles, réglages,
journal d’audit, une base SQLite par module (databases/) et les fichiers (files/), chacun
nommé par son empreinte SHA-256.

manifest.json            ce que contient l’archive, et les modules avec leurs versions
index.jsonl              chaque entrée avec sa taille et son empreinte SHA-256
registre-article-30.md   le registre des traitements (RGPD, article 30)
tables/*.jsonl           les tables du noyau, un objet JSON par ligne

${passwords ? 'Elle contient les empreintes (argon2id) des mots de passe : conservez-la comme un secret.' : 'Elle ne contient aucun mot de passe : chacun en recevra un nouveau.'}
Elle ne contient ni session, ni jeton d’API, ni secret de serveur.

Pour la reprendre sur une autre plateforme : liberacces tenant import FICHIER

---
All data of one collectivité, as LiberAccès exports it. manifest.json says what is here,
index.jsonl names every entry with its size and SHA-256. To bring it into another platform:
liberacces tenant import FILE
`
}
