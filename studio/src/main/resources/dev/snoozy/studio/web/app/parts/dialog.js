import {html, render} from 'lit-html';

import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';

let count = 0;

/**
 * Opens a dialog and waits until it is closed.
 * @param {{title: string, body: (close: (value?: any) => void, redraw: () => void) => unknown,
 *     wide?: boolean, closable?: boolean}} dialog
 * @returns {Promise<any>} what it was closed with
 */
export function openDialog({title, body, wide = false, closable = true}) {
  const element = document.createElement('dialog');
  const id = `dialog-${++count}`;
  element.className = wide ? 'dialog dialog--wide' : 'dialog';
  element.setAttribute('aria-labelledby', id);
  document.body.append(element);
  return new Promise((resolve) => {
    let result;
    const close = (value) => {
      result = value;
      element.close();
    };
    const redraw = () =>
      render(
        html`<header class="dialog__head">
            <h2 id=${id}>${title}</h2>
            ${closable
              ? html`<button class="icon-button" aria-label=${t('close')} @click=${() => close()}>${icon('close')}</button>`
              : ''}
          </header>
          <div class="dialog__body">${body(close, redraw)}</div>`,
        element,
      );
    element.addEventListener('cancel', (e) => {
      if (!closable) {
        e.preventDefault();
      }
    });
    element.addEventListener('close', () => {
      element.remove();
      resolve(result);
    });
    element.addEventListener('click', (e) => {
      if (closable && e.target === element) {
        close();
      }
    });
    redraw();
    element.showModal();
  });
}

/**
 * Asks whether to go on.
 * @param {{title: string, text: string, action: string, danger?: boolean}} question
 * @returns {Promise<boolean>}
 */
export async function confirmDialog({title, text, action, danger = false}) {
  const answer = await openDialog({
    title,
    body: (close) => html`<p class="prose">${text}</p>
      <div class="dialog__actions">
        <button class="button" @click=${() => close(false)}>${t('cancel')}</button>
        <button class="button ${danger ? 'button--danger' : 'button--main'}" @click=${() => close(true)}>${action}</button>
      </div>`,
  });
  return answer === true;
}

/**
 * Asks for a line of text.
 * @param {{title: string, label: string, value?: string, action?: string}} question
 * @returns {Promise<string | undefined>}
 */
export function promptDialog({title, label, value = '', action}) {
  return openDialog({
    title,
    body: (close) => html`<form
      @submit=${(e) => {
        e.preventDefault();
        const text = e.target.elements.text.value.trim();
        if (text) {
          close(text);
        }
      }}
    >
      <label class="field"><span>${label}</span><input name="text" .value=${value} autocomplete="off" maxlength="200" autofocus /></label>
      <div class="dialog__actions">
        <button class="button" type="button" @click=${() => close()}>${t('cancel')}</button>
        <button class="button button--main" type="submit">${action ?? t('save')}</button>
      </div>
    </form>`,
  });
}
