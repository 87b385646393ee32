/** Why checks had nothing to look at, as the mayor's page says it. A test holds that none is missing. */
const REASONS: Readonly<Record<string, string>> = {
  'An archive holds no tests: give the folder.': 'Une archive ne contient pas de tests ; il faut donner le dossier des sources.',
  'It asks no partner over HTTP; those of other protocols are away in all checks that change something.': 'L’application n’interroge aucun partenaire par HTTP ; ceux d’autres protocoles sont absents pendant tous les contrôles qui modifient quelque chose.',
  'It cannot be packed; see MAN-01.': 'L’application ne peut pas être empaquetée ; voir MAN-01.',
  'It declares no personal data with a retention.': 'L’application ne déclare aucune donnée personnelle à durée de conservation.',
  'It declares no personal data.': 'L’application ne déclare aucune donnée personnelle.',
  'It handles no event that could be made.': 'L’application ne traite aucun événement qui ait pu être produit.',
  'It handles no events.': 'L’application ne traite aucun événement.',
  'It handles no two events whose order is open.': 'L’application ne traite pas deux événements dont l’ordre soit libre.',
  'It has no manifest; see MAN-01.': 'L’application n’a pas de manifeste ; voir MAN-01.',
  'It has no migrations.': 'L’application n’a pas de migration.',
  'It has no migrations, and there is no version before: give its archive with --previous.': 'L’application n’a pas de migration, et aucune version précédente n’a été fournie ; --previous en prend l’archive.',
  'It has no page or form that somebody could open.': 'L’application n’a ni page ni formulaire que quelqu’un puisse ouvrir.',
  'It has no partner on the network.': 'L’application n’échange avec aucun partenaire sur le réseau.',
  'Its package.json is no JSON; see MAN-01.': 'Le fichier package.json n’est pas du JSON ; voir MAN-01.',
  'No vulnerabilities were given to compare with: give a snapshot of OSV with --advisories.': 'Aucune liste de failles connues n’a été fournie ; --advisories en prend une, au format OSV.',
  'Nobody could be brought into its tables through its own pages and API.': 'Les pages et les services de l’application n’ont permis d’y enregistrer personne.',
  'Nothing to compare with: give the archive of the version before with --previous.': 'Rien à comparer ; --previous prend l’archive de la version précédente.',
  'Only the archive was given: give its source with --source.': 'Seule l’archive a été fournie ; --source prend le dossier de ses sources.',
  'The archive is not safe to unpack.': 'L’archive ne peut pas être ouverte sans danger.',
  'The same events in the same order do not lead to the same rows: see EVT-04.': 'Les mêmes événements dans le même ordre ne mènent pas aux mêmes données ; voir EVT-04.',
  'There is no archive to look into; see MAN-01 and MAN-05.': 'Il n’y a pas d’archive à examiner ; voir MAN-01 et MAN-05.',
  'There is no archive with code to look into; see MAN-01 and MAN-05.': 'Il n’y a pas d’archive qui contienne du code ; voir MAN-01 et MAN-05.',
  'There is no archive; see MAN-01.': 'Il n’y a pas d’archive ; voir MAN-01.',
  'There is no code to look at.': 'Il n’y a pas de code à examiner.',
  'There is no version before: give its archive with --previous.': 'Il n’y a pas de version précédente ; --previous en prend l’archive.',
  'There is nothing to look into; see MAN-05.': 'Il n’y a rien à examiner ; voir MAN-05.',
  'Too little could be made to compare.': 'Trop peu de données ont pu être produites pour comparer.',
}

/** Reasons that name something. */
const PATTERNS: readonly { readonly of: RegExp; readonly say: string }[] = [
  { of: /^The archive given with --previous is of "(.*)"\.$/, say: 'L’archive donnée par --previous est celle de $1.' },
  { of: /^The archive that was given as the version before is of (.*) too\.$/, say: 'L’archive donnée comme version précédente est elle aussi la version $1.' },
  { of: /^There is no archive to install: .*$/s, say: 'Il n’y a pas d’archive à installer.' },
  { of: /^It requires (.*), which no plugin here provides\.$/, say: 'L’application a besoin de $1, que rien ne fournit ici ; --with prend l’archive qui le fournit.' },
  { of: /^No browser could be started: .*$/s, say: 'Aucun navigateur n’a pu être démarré.' },
  { of: /^The plugin does not come up on a platform: .*$/s, say: 'L’application ne démarre pas sur une plateforme.' },
  { of: /^Gate (.*) is not part of this harness yet\.$/, say: 'Ce banc d’essai n’a pas encore l’étape $1.' },
  { of: /^Gate (.*) could not be opened: .*$/s, say: 'L’étape $1 n’a pas pu commencer.' },
  { of: /^.* Here that is the process of the harness, outside of all walls\.$/s, say: 'L’application ne peut s’exécuter que dans le processus du banc d’essai, hors de tout cloisonnement ; --inline le permet à qui connaît son code.' },
]

/** A reason in French; `undefined` for one that is not known. What it names of the plugin stands in it as it is. */
export function skippedInFrench(why: string): string | undefined {
  const said = Object.hasOwn(REASONS, why) ? REASONS[why] : undefined
  if (said !== undefined) return said
  const pattern = PATTERNS.find(({ of }) => of.test(why))
  return pattern === undefined ? undefined : why.replace(pattern.of, pattern.say)
}
