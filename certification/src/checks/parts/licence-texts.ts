import { licencesIn } from './licences-in.ts'

/** Words that only the text of a licence has. */
const TEXTS: readonly { readonly id: string; readonly words: RegExp; readonly not?: RegExp }[] = [
  { id: 'MIT', words: /Permission is hereby granted, free of charge, to any person obtaining a copy of this software/ },
  { id: 'ISC', words: /Permission to use, copy, modify,? and(?:\/or)? distribute this software for any purpose/ },
  { id: 'BSD-3-Clause', words: /Redistribution and use in source and binary forms.*Neither the name of/ },
  { id: 'BSD-2-Clause', words: /Redistribution and use in source and binary forms/, not: /Neither the name of/ },
  { id: 'Apache-2.0', words: /Apache License,? Version 2\.0/i },
  { id: 'MPL-2.0', words: /Mozilla Public License,? [Vv]ersion 2\.0/i },
  { id: 'AGPL-3.0', words: /GNU AFFERO GENERAL PUBLIC LICENSE/i },
  { id: 'LGPL-3.0', words: /GNU LESSER GENERAL PUBLIC LICENSE/i, not: /AFFERO/i },
  { id: 'GPL-3.0', words: /GNU GENERAL PUBLIC LICENSE\s+Version 3/i, not: /AFFERO/i },
  { id: 'GPL-2.0', words: /GNU GENERAL PUBLIC LICENSE\s+Version 2/i },
  { id: 'EUPL-1.2', words: /EUROPEAN UNION PUBLIC LICEN[CS]E v\. ?1\.2/i },
  { id: 'CECILL-2.1', words: /CONTRAT DE LICENCE DE LOGICIEL LIBRE CeCILL|CeCILL FREE SOFTWARE LICENSE AGREEMENT/i },
]

/** The licences that a text is of, by its words or by the SPDX line in it. Empty for one that is not known. */
export function recognizedLicences(text: string): readonly string[] {
  const plain = text.replaceAll(/\s+/g, ' ')
  const said = [...text.matchAll(/SPDX-License-Identifier:\s*(.+)$/gm)].flatMap(([, expression = '']) => licencesIn(expression.trim()))
  return [...new Set([...said, ...TEXTS.filter(({ words, not }) => words.test(plain) && not?.test(plain) !== true).map(({ id }) => id)])]
}
