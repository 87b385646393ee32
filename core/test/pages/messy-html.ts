import fc from 'fast-check'

/** HTML as nobody should write it: tags, halves of tags and what confuses readers, in any order. */
export const mess = fc.array(fc.oneof(
  fc.constantFrom('a', 'button', 'form', 'li', 'ul', 'dd', 'table', 'tr', 'td', 'p', 'div', 'h1', 'select', 'option', 'textarea', 'b', 'svg', 'math', 'mtext', 'style', 'title', 'template', 'noscript', 'label', 'pre', 'caption', 'details', 'summary', 'x-y', 'font', 'nobr', 'ruby', 'rt', 'fieldset', 'legend', 'body', 'html', 'mglyph', 'foreignObject')
    .chain((name) => fc.constantFrom(`<${name}>`, `</${name}>`, `<${name} class="la-x y" id=i onclick=x href="javascript:x" title='"><img onerror=x>'>`)),
  fc.constantFrom('<!--', '-->', '<![CDATA[', ']]>', '"', '\'', '>', '<', '&lt;', '\0', '\n', 'text'), fc.string({ maxLength: 6 }),
), { maxLength: 40 }).map((parts) => parts.join(''))
