import {html} from 'lit-html';

import {LANGUAGES, language, t} from 'app/core/i18n.js';
import {THEMES, settings} from 'app/core/settings.js';
import {openDialog} from 'app/parts/dialog.js';

/** The first start: the language, the look, done. Never again after that. */
export async function welcome() {
  if (settings.values.started) {
    return;
  }
  await openDialog({
    title: 'Snoozy',
    closable: false,
    body: (close, redraw) => html`
      <p class="prose">${t('welcome.text')}</p>
      <label class="field"
        ><span>${t('settings.language')}</span>
        <select
          data-test="welcome-language"
          @change=${async (e) => {
            await settings.change({language: e.target.value});
            redraw();
          }}
        >
          ${Object.entries(LANGUAGES).map(
            ([code, name]) => html`<option value=${code} ?selected=${code === language.code}>${name}</option>`,
          )}
        </select></label
      >
      <fieldset class="field choice">
        <legend>${t('settings.theme')}</legend>
        ${THEMES.map(
          (theme) => html`<label
            ><input
              type="radio"
              name="theme"
              .checked=${theme === (settings.values.theme ?? 'system')}
              @change=${() => settings.change({theme})}
            /><span>${t('theme.' + theme)}</span></label
          >`,
        )}
      </fieldset>
      <div class="dialog__actions">
        <button class="button button--main" data-test="welcome-done" @click=${() => close()}>${t('welcome.done')}</button>
      </div>
    `,
  });
  await settings.change({started: true, language: language.code});
}
