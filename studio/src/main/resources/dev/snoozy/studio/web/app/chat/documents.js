import {html} from 'lit-html';

import {t} from 'app/core/i18n.js';
import {place} from 'app/core/router.js';
import {collections} from 'app/documents/collections.js';
import {openDialog} from 'app/parts/dialog.js';
import {trying} from 'app/parts/toast.js';

/**
 * Asks from which collections a chat is answered.
 * @param {string[]} chosen
 * @returns {Promise<string[] | undefined>} their names; undefined if nothing was chosen anew
 */
export async function documentsDialog(chosen) {
  await trying(() => collections.load());
  const gone = chosen.filter((name) => !collections.find(name));
  const names = [...collections.list.map((one) => one.name), ...gone];
  return openDialog({
    title: t('compose.documents'),
    body: (close) => html`<form
      @submit=${(e) => {
        e.preventDefault();
        close([...new FormData(e.target).getAll('collection')]);
      }}
    >
      <p class="prose small">${t('compose.documentsText')}</p>
      ${names.length === 0
        ? html`<p class="soft">${t('documents.none')}</p>`
        : html`<fieldset class="choice choice--lines">
            <legend class="only-spoken">${t('documents.collections')}</legend>
            ${names.map(
              (name) => html`<label
                ><input type="checkbox" name="collection" value=${name} ?checked=${chosen.includes(name)} /><span dir="auto"
                  >${gone.includes(name) ? t('model.gone', {name}) : name}</span
                ></label
              >`,
            )}
          </fieldset>`}
      <div class="dialog__actions">
        <a class="button" href=${place('documents')} @click=${() => close()}>${t('nav.documents')}</a>
        <button class="button button--main" type="submit" data-test="documents-chosen">${t('save')}</button>
      </div>
    </form>`,
  });
}
