import { basePlugin } from '#base'

export default basePlugin({
  publisher: { name: 'Example', contact: 'https://example.org' },
  description: { fr: 'Enregistrer les objets trouvés, les montrer au public et les rendre à leur propriétaire.', en: 'Record what was found, show it to the public and give it back to its owner.' },
})
