import {html} from 'lit-html';

import {t} from 'app/core/i18n.js';
import {PAGES, go} from 'app/core/router.js';
import {openDialog} from 'app/parts/dialog.js';

/** The shortcuts: each has a name in the catalogue, `keys.<name>`, and tells the page by an event. */
const SHORTCUTS = [
  {name: 'help', keys: ['Ctrl', '/']},
  {name: 'new', keys: ['Alt', 'N']},
  {name: 'search', keys: ['Ctrl', 'K']},
  {name: 'compose', keys: ['Alt', 'C']},
  {name: 'sampling', keys: ['Alt', 'S']},
  {name: 'previous', keys: ['Alt', '↑']},
  {name: 'next', keys: ['Alt', '↓']},
  {name: 'stop', keys: ['Esc']},
];

/** Shortcuts that belong to a place and are only told of in the help. */
const LOCAL = [
  {name: 'send', keys: ['Enter']},
  {name: 'line', keys: ['Shift', 'Enter']},
];

const SIGNS = {ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc'};

/** @param {KeyboardEvent} e */
function pressed(e) {
  const key = SIGNS[e.key] ?? (e.code.startsWith('Key') ? e.code.slice(3) : e.key);
  const held = [(e.ctrlKey || e.metaKey) && 'Ctrl', e.altKey && 'Alt', e.shiftKey && 'Shift'];
  return [...held.filter(Boolean), key].join('+');
}

let helpOpen = false;

/** Listens on the whole page; whoever can do it listens for `shortcut` events. */
export function listenToKeys() {
  addEventListener('keydown', (e) => {
    const keys = pressed(e);
    const page = /^Alt\+([0-9])$/.exec(keys);
    const name = page && PAGES[(Number(page[1]) + 9) % 10]; // 0 is the tenth, as it lies behind 9
    if (name) {
      e.preventDefault();
      go(name);
      return;
    }
    const found = SHORTCUTS.find((s) => s.keys.join('+') === keys);
    if (!found || document.querySelector('dialog[open]') || (found.name === 'stop' && e.defaultPrevented)) {
      return;
    }
    if (found.name === 'help') {
      showHelp();
    }
    if (found.name !== 'stop') {
      e.preventDefault();
    }
    dispatchEvent(new CustomEvent('shortcut', {detail: found.name}));
  });
}

/** Opens the list of shortcuts. */
export async function showHelp() {
  if (helpOpen) {
    return;
  }
  helpOpen = true;
  const pages = {name: 'pages', keys: ['Alt', '1–9, 0']};
  await openDialog({
    title: t('keys.title'),
    body: () => html`<dl class="keys">
      ${[...LOCAL, ...SHORTCUTS, pages].map(
        (s) => html`<div>
          <dt>${s.keys.map((k) => html`<kbd>${k}</kbd>`)}</dt>
          <dd>${t('keys.' + s.name)}</dd>
        </div>`,
      )}
    </dl>`,
  });
  helpOpen = false;
}
