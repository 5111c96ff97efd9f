import {html} from 'lit-html';

import {post} from 'app/core/api.js';
import {t} from 'app/core/i18n.js';
import {openDialog} from 'app/parts/dialog.js';

/** Whether a model makes vectors: those of the Bert families do. @param {any} model */
function makesVectors(model) {
  return !model.why && (/bert$/.test(model.architecture ?? '') || model.kind === 'vectors');
}

/**
 * A choice of the model that makes vectors of a collection, or of none.
 * @param {any[]} models @param {string} value @param {(name: string) => void} change
 */
export function embedderSelect(models, value, change) {
  const names = models.filter(makesVectors).map((model) => model.name);
  const all = value && !names.includes(value) ? [value, ...names] : names;
  return html`<label class="field"
    ><span>${t('documents.embedder')}</span>
    <select name="embedder" data-test="embedder" @change=${(e) => change(e.target.value)}>
      <option value="" ?selected=${!value}>${t('documents.noEmbedder')}</option>
      ${all.map((name) => html`<option value=${name} ?selected=${name === value}>${name}</option>`)}
    </select>
    <small class="soft">${t('documents.embedderHelp')}</small></label
  >`;
}

/**
 * Asks for a folder or file to be read; what the server refuses is said where it can be mended.
 * @param {any[]} models @param {{name: string, embedder: string}} [collection] of which it becomes a part; else a new one
 * @returns {Promise<any>} the collection with the job that reads it, or undefined
 */
export function placeDialog(models, collection) {
  let problem = '';
  let field = '';
  const wrong = (name) => (problem && field === name ? html`<small class="wrong" role="alert">${problem}</small>` : '');
  return openDialog({
    title: collection ? t('documents.addPlace') : t('documents.new'),
    body: (close, redraw) => html`<form
      @submit=${async (e) => {
        e.preventDefault();
        const {name, path, embedder} = e.target.elements;
        const body = {name: collection?.name ?? name.value.trim(), path: path.value.trim()};
        try {
          close(await post('documents', collection ? body : {...body, embedder: embedder.value}));
        } catch (error) {
          problem = error.message;
          field = error.field === 'name' ? 'name' : 'path';
          redraw();
        }
      }}
    >
      ${collection
        ? ''
        : html`<label class="field"
            ><span>${t('name')}</span><input name="name" data-test="collection-name" .value=${t('documents.usualName')} required maxlength="64" autocomplete="off" />${wrong('name')}</label
          >`}
      <label class="field"
        ><span>${t('documents.path')}</span><input name="path" data-test="collection-path" required autocomplete="off" autofocus dir="ltr" /><small class="soft">${t('documents.pathHelp')}</small>${wrong('path')}</label
      >
      ${collection ? '' : embedderSelect(models, '', () => {})}
      <div class="dialog__actions">
        <button class="button" type="button" @click=${() => close()}>${t('cancel')}</button>
        <button class="button button--main" type="submit" data-test="collection-add">${t('documents.add')}</button>
      </div>
    </form>`,
  });
}
