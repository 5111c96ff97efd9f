/** @param {string} text */
function escape(text) {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

const LONGEST = 4000;
const BLOCK = /^(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\])(?:\n+|$)/;
const INLINE = /^(?:\$\$([^$]+?)\$\$|\$(?!\s)((?:\\.|[^$\\\n])+?)(?<!\s)\$(?!\d)|\\\(([^\n]+?)\\\)|\\\[([\s\S]+?)\\\])/;

/** Formulas between $$ or \[ \] that are a paragraph of their own. */
export const mathsBlock = {
  name: 'mathsBlock',
  level: 'block',
  start: (source) => source.match(/\$\$|\\\[/)?.index,
  tokenizer(source) {
    const found = BLOCK.exec(source);
    return found && {type: 'mathsBlock', raw: found[0], text: (found[1] ?? found[2]).trim()};
  },
  renderer: (token) => `<p class="maths-block"><code data-tex="block">${escape(token.text)}</code></p>`,
};

/** Formulas within a line, between $ or \( \). */
export const mathsInline = {
  name: 'mathsInline',
  level: 'inline',
  start: (source) => source.match(/\$|\\[([]/)?.index,
  tokenizer(source) {
    const found = INLINE.exec(source.slice(0, LONGEST));
    if (!found) {
      return undefined;
    }
    const block = found[1] ?? found[4];
    return {type: 'mathsInline', raw: found[0], text: block ?? found[2] ?? found[3], block: block !== undefined};
  },
  renderer: (token) =>
    `<code data-tex="${token.block ? 'block' : 'inline'}">${escape(token.text.trim())}</code>`,
};

let temml;

/** Only what MathML shows; nothing that points anywhere or names anything. @param {Element} root */
function clean(root) {
  for (const node of [root, ...root.querySelectorAll('*')]) {
    for (const name of node.getAttributeNames()) {
      if (/^(?:on|id$|href|src|xlink)/i.test(name)) {
        node.removeAttribute(name);
      }
    }
  }
}

/** @param {HTMLElement} place a code element with the formula */
function show(place) {
  const holder = document.createElement('span');
  holder.className = 'maths';
  const tex = place.textContent;
  temml.render(tex, holder, {
    displayMode: place.dataset.tex === 'block',
    throwOnError: false,
    trust: false,
    maxSize: [20, 20],
    maxExpand: 300,
    errorColor: 'currentColor',
    annotate: false,
  });
  clean(holder);
  holder.title = tex;
  place.replaceWith(holder);
}

/**
 * Draws the formulas below an element; the renderer comes when there is a first one.
 * @param {Element} root
 */
export async function drawMaths(root) {
  const places = [...root.querySelectorAll('code[data-tex]')];
  if (places.length === 0) {
    return;
  }
  temml ??= (await import('temml')).default;
  for (const place of places) {
    if (place.isConnected || root.contains(place)) {
      try {
        show(place);
      } catch {
        place.removeAttribute('data-tex'); // It stays as it was written.
      }
    }
  }
}
