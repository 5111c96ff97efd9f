import {SnoozyElement, html} from 'app/core/element.js';
import {t} from 'app/core/i18n.js';
import {place, router} from 'app/core/router.js';
import {lab} from 'app/lab/state.js';
import {trying} from 'app/parts/toast.js';

import 'app/lab/batch.js';
import 'app/lab/blind.js';
import 'app/lab/compare.js';
import 'app/lab/history.js';
import 'app/lab/sweep.js';
import 'app/lab/tokens.js';

const PARTS = ['compare', 'blind', 'tokens', 'sweep', 'batch', 'history'];

const DRAW = {
  compare: () => html`<sz-lab-compare></sz-lab-compare>`,
  blind: () => html`<sz-lab-blind></sz-lab-blind>`,
  tokens: () => html`<sz-lab-tokens></sz-lab-tokens>`,
  sweep: () => html`<sz-lab-sweep></sz-lab-sweep>`,
  batch: () => html`<sz-lab-batch></sz-lab-batch>`,
  history: () => html`<sz-lab-history></sz-lab-history>`,
};

/** The laboratory: experiments with models. */
class LabPage extends SnoozyElement {
  constructor() {
    super();
    this.uses(router);
    this.uses(lab);
  }

  connectedCallback() {
    super.connectedCallback();
    trying(() => lab.load());
  }

  render() {
    const part = PARTS.includes(router.parts[0]) ? router.parts[0] : 'compare';
    return html`<div class="page">
      <header class="page__head">
        <h1>${t('nav.lab')}</h1>
        <nav class="tabs" aria-label=${t('lab.parts')}>
          ${PARTS.map(
            (p) => html`<a href=${place('lab', p)} aria-current=${p === part ? 'page' : 'false'} data-test="lab-${p}">${t('lab.' + p)}</a>`,
          )}
        </nav>
      </header>
      <div class="page__body page__body--wide">
        <p class="soft lead">${t(`lab.${part}.text`)}</p>
        ${DRAW[part]()}
      </div>
    </div>`;
  }
}
customElements.define('sz-lab-page', LabPage);
