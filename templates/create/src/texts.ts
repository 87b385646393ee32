/** What the creator says, in both languages. `{name}` stands for a value. */

const EN = {
  'help': `Makes a plugin for the LiberAccès platform from a template.

  npm create liberacces-plugin NAME [-- options]      in the platform's repository: pnpm create-plugin NAME [options]

  NAME                 2 to 41 of a-z, 0-9 and "-", such as repair-cafe
  --template TEMPLATE  {templates} (basic)
  --id ID              reverse domain, such as fr.vendor.repair-cafe (org.example.NAME)
  --title TEXT         its title, shown to people (from NAME)
  --publisher TEXT     who publishes it, as people know you
  --contact ADDRESS    where help is: mailto:… or https://…
  --dir FOLDER         where to make it (./NAME)
  --published          take the SDK from the registry of packages even where a copy of the platform's sources is at hand
  --help               this text

Exit codes: 0 made, 1 refused, 2 wrong usage.
`,
  'done': `{title} is in {folder}.

  cd {shown}
  {install}
  {dev}  a platform with demonstration tenants and this plugin, reloaded at each change
  {test}  its tests
  {certify}  what keeps it from the label, if anything

The id is {id}: nobody can change it once others use it.
`,
  'done.workspace': `{title} is in {folder}, among the plugins of this repository.

  {install}
  {dev} {shown}  a platform with demonstration tenants and this plugin, reloaded at each change
  {test} {shown}  its tests
  {certify} {shown}  what keeps it from the label, if anything

The id is {id}: nobody can change it once others use it.
`,
  'done.example': 'Give it an id of your own before you publish it: --id, or in the sources.\n',
  'done.publisher': 'Say who publishes it and where help is before you ask for a label: --publisher and --contact, or in src/plugin.tsx and package.json.\n',
  'usage.name': 'Say what the plugin is called: create-liberacces-plugin NAME. --help says more.',
  'usage.many': 'One name, not {count}: {names}.',
  'usage.option': '{problem}',
  'refused.name': '"{name}" is no name of a plugin: 2 to 41 of a-z, 0-9 and single "-", beginning with a letter, such as repair-cafe.',
  'refused.id': '"{id}" is no id: at least three parts of a-z, 0-9 and "-" with dots between, each beginning with a letter, such as fr.vendor.repair-cafe; 100 characters at most.',
  'refused.reserved': 'Ids that begin with "{prefix}" belong to the platform: take your own domain.',
  'refused.title': '"{title}" is no title: 1 to 80 characters, a letter or digit among them: letters, digits, spaces and - – — ’ & ( ) . , : ; ! ? / # % + @ ° « » “ ” … only. Straight quotes, braces and the like mean something in sources.',
  'refused.publisher': '"{publisher}" is no name of a publisher: 1 to 80 characters, a letter or digit among them: letters, digits, spaces and - – — ’ & ( ) . , : / + @ ° only.',
  'refused.contact': '"{contact}" is no address: write mailto:help@vendor.fr or https://vendor.fr/help.',
  'refused.taken': '"{name}" will not do with this template, which has {taken} already: choose another name.',
  'refused.template': 'There is no template "{template}". There are: {templates}.',
  'refused.exists': '{folder} is there already and not empty. Choose another folder with --dir, or remove it.',
  'refused.no-folder': '{folder} is a file, or lies below one: choose another place with --dir.',
  'refused.write': '{folder} cannot be written: {problem}',
} as const

/** A text of the creator. */
export type TextKey = keyof typeof EN
/** What stands for `{name}` in a text. */
export type TextValues = Readonly<Record<string, string | number>>
/** A language of the creator. */
export type Language = 'fr' | 'en'

const FR: Readonly<Record<TextKey, string>> = {
  'help': `Crée une extension pour la plateforme LiberAccès à partir d’un modèle.

  npm create liberacces-plugin NOM [-- options]       dans le dépôt de la plateforme : pnpm create-plugin NOM [options]

  NOM                  2 à 41 caractères parmi a-z, 0-9 et « - », par exemple repair-cafe
  --template MODÈLE    {templates} (basic)
  --id IDENTIFIANT     nom de domaine inversé, par exemple fr.editeur.repair-cafe (org.example.NOM)
  --title TEXTE        son titre, montré aux personnes (d’après NOM)
  --publisher TEXTE    qui la publie, sous le nom que les gens connaissent
  --contact ADRESSE    où demander de l’aide : mailto:… ou https://…
  --dir DOSSIER        où la créer (./NOM)
  --published          prendre le SDK dans le registre de paquets, même quand les sources de la plateforme sont là
  --help               ce texte

Codes de sortie : 0 créée, 1 refusée, 2 mauvais usage.
`,
  'done': `{title} est dans {folder}.

  cd {shown}
  {install}
  {dev}  une plateforme de démonstration avec cette extension, rechargée à chaque modification
  {test}  ses tests
  {certify}  ce qui la sépare du label, s’il reste quelque chose

Son identifiant est {id} : personne ne peut le changer une fois que d’autres l’utilisent.
`,
  'done.workspace': `{title} est dans {folder}, parmi les extensions de ce dépôt.

  {install}
  {dev} {shown}  une plateforme de démonstration avec cette extension, rechargée à chaque modification
  {test} {shown}  ses tests
  {certify} {shown}  ce qui la sépare du label, s’il reste quelque chose

Son identifiant est {id} : personne ne peut le changer une fois que d’autres l’utilisent.
`,
  'done.example': 'Donnez-lui un identifiant à vous avant de la publier : --id, ou dans les sources.\n',
  'done.publisher': 'Dites qui la publie et où demander de l’aide avant de demander un label : --publisher et --contact, ou dans src/plugin.tsx et package.json.\n',
  'usage.name': 'Dites comment s’appelle l’extension : create-liberacces-plugin NOM. --help en dit plus.',
  'usage.many': 'Un seul nom, et non {count} : {names}.',
  'usage.option': '{problem}',
  'refused.name': '« {name} » n’est pas un nom d’extension : 2 à 41 caractères parmi a-z, 0-9 et des « - » isolés, une lettre d’abord, par exemple repair-cafe.',
  'refused.id': '« {id} » n’est pas un identifiant : au moins trois parties de a-z, 0-9 et « - » séparées par des points, chacune commençant par une lettre, par exemple fr.editeur.repair-cafe ; 100 caractères au plus.',
  'refused.reserved': 'Les identifiants qui commencent par « {prefix} » sont ceux de la plateforme : prenez votre propre domaine.',
  'refused.title': '« {title} » n’est pas un titre : 1 à 80 caractères, dont une lettre ou un chiffre : lettres, chiffres, espaces et - – — ’ & ( ) . , : ; ! ? / # % + @ ° « » “ ” … seulement. Les guillemets droits, les accolades et leurs pareils ont un sens dans les sources.',
  'refused.publisher': '« {publisher} » n’est pas un nom d’éditeur : 1 à 80 caractères, dont une lettre ou un chiffre : lettres, chiffres, espaces et - – — ’ & ( ) . , : / + @ ° seulement.',
  'refused.contact': '« {contact} » n’est pas une adresse : écrivez mailto:aide@editeur.fr ou https://editeur.fr/aide.',
  'refused.taken': '« {name} » ne convient pas avec ce modèle, qui a déjà {taken} : choisissez un autre nom.',
  'refused.template': 'Il n’y a pas de modèle « {template} ». Il y a : {templates}.',
  'refused.exists': '{folder} existe déjà et n’est pas vide. Choisissez un autre dossier avec --dir, ou supprimez-le.',
  'refused.no-folder': '{folder} est un fichier, ou en dessous d’un fichier : choisissez un autre endroit avec --dir.',
  'refused.write': '{folder} ne peut pas être écrit : {problem}',
}

/** A text in a language, with its values in place. */
export function say(language: Language, key: TextKey, values: TextValues = {}): string {
  const text: string = language === 'fr' ? FR[key] : EN[key]
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : whole))
}

/** The language that a terminal asks for: that of the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is set, else the machine's. */
export function languageOf(env: Readonly<Record<string, string | undefined>>, machine: string): Language {
  const asked = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '') ?? machine
  return /^fr(?:[-_.@]|$)/i.test(asked) ? 'fr' : 'en'
}
