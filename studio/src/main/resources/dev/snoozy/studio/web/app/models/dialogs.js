import {html} from 'lit-html';

import {post} from 'app/core/api.js';
import {t} from 'app/core/i18n.js';
import {openDialog} from 'app/parts/dialog.js';

/** The mixtures that most people want; the server knows more. */
const TYPES = ['Q4_K_M', 'Q5_K_M', 'Q6_K', 'Q8_0', 'Q3_K_M', 'Q2_K', 'IQ4_XS', 'F16', 'BF16'];

/** @param {string} name @param {string} label @param {string} value @param {string} [help] */
function text(name, label, value, help) {
  return html`<label class="field"
    ><span>${label}</span><input name=${name} .value=${value} required autocomplete="off" />${help ? html`<small class="soft">${help}</small>` : ''}</label
  >`;
}

/** @param {string} name @param {string} label @param {number} value */
function whole(name, label, value) {
  return html`<label class="field"
    ><span>${label}</span><input name=${name} type="number" min="1" max="100000" step="1" .value=${String(value)} required
  /></label>`;
}

/** A model's name as that of a file. @param {string} name */
function plain(name) {
  return name.replace(/^.*\//, '').replace(/[^\w.-]+/g, '-');
}

/** How a converted model may lie in its file: as the original, or in one of these. */
const OUTPUTS = ['auto', 'f32', 'f16', 'bf16', 'q8_0'];

/** @param {string[]} list */
function types(list) {
  return html`<label class="field"
    ><span>${t('job.type')}</span
    ><select name="type">
      ${list.map((type) => html`<option>${type}</option>`)}
    </select></label
  >`;
}

const FIELDS = {
  bench: () => html`${whole('prompt', t('job.promptTokens'), 512)}${whole('generate', t('job.generatedTokens'), 128)}`,
  perplexity: () =>
    html`<label class="field"
      ><span>${t('job.text')}</span><textarea name="text" rows="6" required dir="auto"></textarea
      ><small class="soft">${t('job.textHelp')}</small></label
    >`,
  quantize: (model) =>
    html`${types(TYPES)}${text('name', t('job.newName'), `${plain(model.name)}-quantized`)}
      <label class="check"><input name="allowRequantize" type="checkbox" /><span>${t('job.requantize')}</span></label>`,
  import: () =>
    html`${text('path', t('job.path'), '', t('job.pathHelp'))}
      <label class="field"><span>${t('job.nameFree')}</span><input name="name" autocomplete="off" maxlength="200" /></label>
      <label class="check"><input name="copy" type="checkbox" /><span>${t('job.copy')}</span></label>
      <small class="soft">${t('job.copyHelp')}</small>`,
  convert: () => html`${text('folder', t('job.folder'), '', t('job.folderHelp'))}${text('name', t('job.newName'), '')}${types(OUTPUTS)}`,
};

const NUMBERS = new Set(['prompt', 'generate']);

/** @param {HTMLFormElement} form */
function read(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (form.elements[name].type === 'checkbox') {
      values[name] = true;
    } else if (value !== '') {
      values[name] = NUMBERS.has(name) ? Number(value) : value;
    }
  }
  return values;
}

/**
 * Asks what a job needs, and begins it; what the server refuses is said where it can be mended.
 * @param {'bench' | 'perplexity' | 'quantize' | 'convert' | 'import'} kind
 * @param {{name: string}} model "" if it is none that is here
 * @returns {Promise<any>} the job, or undefined
 */
export function jobDialog(kind, model) {
  let problem = '';
  const begin = async (form, close, redraw) => {
    try {
      close(await post('jobs', {kind, ...(model.name ? {model: model.name} : {}), ...read(form)}));
    } catch (e) {
      problem = e instanceof TypeError ? t('problem.unreachable') : e.message;
      redraw();
      form.elements[e.field]?.focus();
    }
  };
  return openDialog({
    title: model.name ? `${t('job.' + kind)}: ${model.name}` : t('job.' + kind),
    body: (close, redraw) => html`<form
      @submit=${(e) => {
        e.preventDefault();
        begin(e.target, close, redraw);
      }}
    >
      <p class="prose">${t(`job.${kind}.text`)}</p>
      ${FIELDS[kind](model)}
      <p class="bad small" role="alert" data-test="job-problem">${problem}</p>
      <div class="dialog__actions">
        <button class="button" type="button" @click=${() => close()}>${t('cancel')}</button>
        <button class="button button--main" type="submit">${t('jobs.begin')}</button>
      </div>
    </form>`,
  });
}
