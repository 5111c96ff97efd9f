import {SnoozyElement, html} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';
import {Store} from 'app/core/store.js';

const SHOWN_MILLIS = 8000;

/**
 * @typedef {object} Notice
 * @property {string} text
 * @property {boolean} [problem]
 * @property {{text: string, run: () => void}} [action]
 */

/** Short words at the edge of the page, and words for screen readers only. */
class Notices extends Store {
  /** @type {Notice[]} */
  shown = [];
  spoken = '';

  /**
   * Shows a notice for a while.
   * @param {Notice} notice
   */
  show(notice) {
    this.shown = [...this.shown.slice(-2), notice];
    this.changed();
    setTimeout(() => this.hide(notice), notice.problem ? 2 * SHOWN_MILLIS : SHOWN_MILLIS);
  }

  /** @param {Notice} notice */
  hide(notice) {
    this.shown = this.shown.filter((n) => n !== notice);
    this.changed();
  }

  /** Says something to screen readers when they have time. @param {string} text */
  speak(text) {
    this.spoken = text;
    this.changed();
  }
}

export const notices = new Notices();

/** Shows what went wrong. @param {unknown} error */
export function showProblem(error) {
  if (error instanceof DOMException && error.name === 'AbortError') {
    return;
  }
  const text = error instanceof TypeError ? t('problem.unreachable') : String(error.message ?? error);
  notices.show({text, problem: true});
}

/** Runs something and shows what goes wrong. @template T @param {() => Promise<T>} work */
export async function trying(work) {
  try {
    return await work();
  } catch (e) {
    showProblem(e);
    return undefined;
  }
}

/**
 * Does something later, unless the person takes it back.
 * @param {string} text @param {() => void} undo @param {() => void} done
 */
export function undoable(text, undo, done) {
  let open = true;
  const finish = () => {
    if (open) {
      open = false;
      removeEventListener('pagehide', finish);
      done();
    }
  };
  addEventListener('pagehide', finish);
  setTimeout(finish, SHOWN_MILLIS);
  const run = () => {
    open = false;
    removeEventListener('pagehide', finish);
    undo();
  };
  notices.show({text, action: {text: t('undo'), run}});
}

class Toasts extends SnoozyElement {
  constructor() {
    super();
    this.uses(notices);
  }

  render() {
    return html`
      <div class="toasts" role="status">
        ${notices.shown.map(
          (n) => html`<div class="toast ${n.problem ? 'toast--problem' : ''}">
            ${n.problem ? icon('warning') : ''}<span>${n.text}</span>
            ${n.action
              ? html`<button
                  class="button button--small"
                  @click=${() => {
                    n.action.run();
                    notices.hide(n);
                  }}
                >
                  ${n.action.text}
                </button>`
              : ''}
            <button class="icon-button" aria-label=${t('close')} @click=${() => notices.hide(n)}>${icon('close')}</button>
          </div>`,
        )}
      </div>
      <div class="only-spoken" aria-live="polite" data-test="spoken">${notices.spoken}</div>
    `;
  }
}
customElements.define('sz-toasts', Toasts);
