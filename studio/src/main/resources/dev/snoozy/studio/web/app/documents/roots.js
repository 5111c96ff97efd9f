import {SnoozyElement, html, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';
import {settings} from 'app/core/settings.js';
import {promptDialog} from 'app/parts/dialog.js';
import {trying} from 'app/parts/toast.js';

/** Below which folders programs may have documents read: none, unless somebody says so. */
class DocumentRoots extends SnoozyElement {
  constructor() {
    super();
    this.uses(settings);
  }

  /** @param {string[]} roots */
  #set(roots) {
    return trying(async () => {
      try {
        await settings.change({documentRoots: roots.length > 0 ? roots : null});
      } catch (e) {
        await settings.load(); // what was refused is not so
        throw e;
      }
    });
  }

  render() {
    const roots = settings.values.documentRoots ?? [];
    return html`<details class="fold" data-test="roots" ?open=${roots.length > 0}>
      <summary>${t('documents.roots')}</summary>
      <div class="block">
        <p class="prose small">${t('documents.rootsText')}</p>
        ${when(roots.length === 0, () => html`<p class="soft small">${t('documents.noRoots')}</p>`)}
        <ul class="plain">
          ${roots.map(
            (root) => html`<li class="row">
              ${icon('folder')}<span class="grow card__place">${root}</span>
              <button
                class="icon-button"
                aria-label=${t('documents.takeOutNamed', {path: root})}
                @click=${() => this.#set(roots.filter((one) => one !== root))}
              >
                ${icon('close')}
              </button>
            </li>`,
          )}
        </ul>
        <div class="row">
          <button
            class="button button--small"
            data-test="add-root"
            @click=${async () => {
              const root = await promptDialog({title: t('documents.addRoot'), label: t('documents.path')});
              if (root) {
                await this.#set([...roots, root]);
              }
            }}
          >
            ${icon('plus')}${t('documents.addRoot')}
          </button>
        </div>
      </div>
    </details>`;
  }
}
customElements.define('sz-document-roots', DocumentRoots);
