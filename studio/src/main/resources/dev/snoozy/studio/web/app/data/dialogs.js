import {html} from 'lit-html';

import {post} from 'app/core/api.js';
import {t} from 'app/core/i18n.js';
import {openDialog} from 'app/parts/dialog.js';

/**
 * Asks for files, or for a recipe that lies elsewhere, and makes a curation of them.
 * @returns {Promise<any>} the curation, or undefined
 */
export function newDialog() {
  let problem = '';
  let field = '';
  const wrong = (...names) => (problem && names.includes(field) ? html`<small class="wrong" role="alert">${problem}</small>` : '');
  return openDialog({
    title: t('data.new'),
    body: (close, redraw) => html`<form
      @submit=${async (e) => {
        e.preventDefault();
        const {name, files} = e.target.elements;
        const paths = files.value.split('\n').map((line) => line.trim()).filter(Boolean);
        const isRecipe = paths.length === 1 && /\.ya?ml$/i.test(paths[0]);
        try {
          close(await post('data', {name: name.value.trim(), ...(isRecipe ? {recipe: paths[0]} : {files: paths})}));
        } catch (error) {
          problem = error.message;
          field = error.field === 'name' ? 'name' : 'files';
          redraw();
        }
      }}
    >
      <label class="field"
        ><span>${t('name')}</span><input name="name" data-test="curation-name" required maxlength="64" pattern="[A-Za-z0-9][A-Za-z0-9._\\-]*" autocomplete="off" autofocus /><small class="soft">${t('data.nameHelp')}</small>${wrong('name')}</label
      >
      <label class="field"
        ><span>${t('data.files')}</span><textarea name="files" data-test="curation-files" rows="4" required dir="ltr" spellcheck="false"></textarea><small class="soft">${t('data.filesHelp')}</small>${wrong('files')}</label
      >
      <div class="dialog__actions">
        <button class="button" type="button" @click=${() => close()}>${t('cancel')}</button>
        <button class="button button--main" type="submit" data-test="curation-add">${t('data.make')}</button>
      </div>
    </form>`,
  });
}
