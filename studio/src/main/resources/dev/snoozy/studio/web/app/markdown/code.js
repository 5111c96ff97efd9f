import {html, render} from 'lit-html';

import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';
import {onlySpans} from 'app/markdown/parse.js';
import {copy} from 'app/parts/clipboard.js';

const LONGEST = 40_000;

/** The languages that there are grammars for, by the names that models use. */
const NAMES = {
  bash: 'bash', sh: 'bash', shell: 'bash', zsh: 'bash', console: 'bash',
  c: 'cpp', cpp: 'cpp', 'c++': 'cpp', h: 'cpp', csharp: 'csharp', cs: 'csharp', 'c#': 'csharp',
  css: 'css', diff: 'diff', patch: 'diff', go: 'go', golang: 'go', java: 'java',
  js: 'javascript', javascript: 'javascript', jsx: 'javascript', mjs: 'javascript',
  json: 'json', jsonl: 'json', kotlin: 'kotlin', kt: 'kotlin', latex: 'latex', tex: 'latex',
  php: 'php', python: 'python', py: 'python', rust: 'rust', rs: 'rust', sql: 'sql',
  ts: 'typescript', typescript: 'typescript', tsx: 'typescript',
  xml: 'xml', html: 'xml', svg: 'xml', yaml: 'yaml', yml: 'yaml',
};

let core;
/** Grammars that are here or on their way. @type {Map<string, Promise<void>>} */
const asked = new Map();
const here = new Set();

/** @param {string} name */
async function load(name) {
  core ??= (await import('highlight')).default;
  core.registerLanguage(name, (await import(`highlight/${name}.min.js`)).default);
  here.add(name);
}

/** @param {HTMLElement} code @param {string} name */
function colour(code, name) {
  const {value} = core.highlight(code.textContent, {language: name, ignoreIllegals: true});
  code.replaceChildren(onlySpans(value));
}

/** Colours code, at once where the grammar is here already. @param {HTMLElement} code */
async function highlight(code) {
  const {lang} = code.dataset;
  const name = Object.hasOwn(NAMES, lang) ? NAMES[lang] : null;
  if (!name || code.textContent.length > LONGEST) {
    return;
  }
  if (!here.has(name)) {
    if (!asked.has(name)) {
      asked.set(name, load(name));
    }
    await asked.get(name);
  }
  colour(code, name);
}

/** Gives each code block below an element its head, with its language and a button to copy it. @param {Element} root */
export function drawCode(root) {
  for (const pre of root.querySelectorAll('pre')) {
    const code = pre.querySelector('code');
    pre.tabIndex = 0;
    if (!code || code.dataset.lang === undefined) {
      continue;
    }
    const box = document.createElement('div');
    box.className = 'code';
    pre.replaceWith(box);
    const head = document.createElement('div');
    head.className = 'code__head';
    render(
      html`<span>${code.dataset.lang}</span>
        <button class="button button--small" @click=${() => copy(code.textContent)}>${icon('copy')}${t('copy')}</button>`,
      head,
    );
    box.append(head, pre);
    highlight(code).catch(() => {}); // It stays without colours.
  }
}
