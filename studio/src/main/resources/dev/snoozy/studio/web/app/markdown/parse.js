import DOMPurify from 'dompurify';
import {Lexer, Marked} from 'marked';

import {t} from 'app/core/i18n.js';
import {mathsBlock, mathsInline} from 'app/markdown/maths.js';

/** Limits beyond which text is shown as it stands: nobody reads it, and parsing it could take for ever. */
const LONGEST_TEXT = 400_000;
const LONGEST_PARAGRAPH = 30_000;
const MOST_ROWS = 200;
const MOST_COLUMNS = 60;
const TOO_NESTED = /^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])){25}/m;

const ESCAPES = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};

/** @param {string} text */
export function escape(text) {
  return text.replace(/[&<>"']/g, (c) => ESCAPES[c]);
}

/** The address of a link, or null if it is none that may be followed. @param {string} href */
export function safeAddress(href) {
  try {
    const url = new URL(href);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** A lexer that leaves very long paragraphs alone. */
class CarefulLexer extends Lexer {
  inline(source, tokens = []) {
    if (source.length > LONGEST_PARAGRAPH) {
      tokens.push({type: 'text', raw: source, text: source, escaped: false});
      return tokens;
    }
    return super.inline(source, tokens);
  }
}

const marked = new Marked({
  gfm: true,
  breaks: true,
  extensions: undefined,
  renderer: {
    /** HTML of a model is text like any other. */
    html({text, block}) {
      return block ? `<p>${escape(text.trim())}</p>` : escape(text);
    },
    /** Nothing is loaded from elsewhere: an image is a word and a link. */
    image({href, text}) {
      const name = escape(`${t('markdown.image')}: ${text || href}`);
      return safeAddress(href) ? `<a href="${escape(href)}">${name}</a>` : `<span>${name}</span>`;
    },
    link({href, tokens}) {
      const inner = this.parser.parseInline(tokens);
      return safeAddress(href) ? `<a href="${escape(href)}">${inner}</a>` : `<span>${inner}</span>`;
    },
    heading({tokens, depth}) {
      return `<h3 class="h${depth}">${this.parser.parseInline(tokens)}</h3>`;
    },
    checkbox({checked}) {
      return checked ? '☑ ' : '☐ ';
    },
    code({text, lang}) {
      const name = (lang ?? '').trim().split(/\s+/)[0].toLowerCase();
      return `<pre><code data-lang="${escape(name)}">${escape(text)}</code></pre>`;
    },
    table(token) {
      if (token.header.length > MOST_COLUMNS) {
        return `<pre><code>${escape(token.raw)}</code></pre>`;
      }
      const row = (cells, tag) => {
        const inner = cells.map((c) => {
          const align = c.align ? ` align="${c.align}"` : '';
          return `<${tag}${align}>${this.parser.parseInline(c.tokens)}</${tag}>`;
        });
        return `<tr>${inner.join('')}</tr>`;
      };
      const rows = token.rows.slice(0, MOST_ROWS).map((r) => row(r, 'td'));
      const more = token.rows.length - rows.length;
      const note = more > 0 ? `<p>${escape(t('markdown.moreRows', {count: more}))}</p>` : '';
      return `<table><thead>${row(token.header, 'th')}</thead><tbody>${rows.join('')}</tbody></table>${note}`;
    },
  },
});
marked.use({extensions: [mathsBlock, mathsInline]});

const PURIFY = {
  ALLOWED_TAGS: [
    ...['p', 'br', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'h3', 'hr'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td', 'a', 'span'],
  ],
  ALLOWED_ATTR: ['href', 'class', 'align', 'start', 'data-lang', 'data-tex'],
  ADD_URI_SAFE_ATTR: ['align', 'start', 'data-lang', 'data-tex'],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

/** A block that is shown as it stands. @param {string} text */
function plain(text) {
  return {type: 'plain', raw: text};
}

/**
 * The blocks of a text.
 * @param {string} text
 * @returns {{type: string, raw: string}[]}
 */
export function blocks(text) {
  if (text.length > LONGEST_TEXT || TOO_NESTED.test(text)) {
    return [plain(text)];
  }
  try {
    const tokens = new CarefulLexer(marked.defaults).lex(text);
    return tokens.filter((token) => token.type !== 'space');
  } catch {
    return [plain(text)];
  }
}

/** What a block looks like, with nothing in it that was not allowed. @param {object} token */
export function draw(token) {
  if (token.type !== 'plain') {
    try {
      return DOMPurify.sanitize(marked.parser([token]), PURIFY);
    } catch {
      // Nested too deeply for the stack.
    }
  }
  const fragment = document.createDocumentFragment();
  const pre = document.createElement('pre');
  pre.className = 'plain-text';
  pre.textContent = token.raw;
  fragment.append(pre);
  return fragment;
}

/** HTML of a highlighter with its classes. @param {string} html */
export function onlySpans(html) {
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: ['span'],
    ALLOWED_ATTR: ['class'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}
