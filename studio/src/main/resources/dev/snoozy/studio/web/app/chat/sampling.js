import {live} from 'lit-html/directives/live.js';

import {SnoozyElement, html, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';
import {chats} from 'app/chat/chats.js';
import {draft} from 'app/chat/draft.js';
import {promptDialog} from 'app/parts/dialog.js';
import {OPTIONS, modelSelect, numberField} from 'app/parts/fields.js';
import {notices, trying} from 'app/parts/toast.js';

const MOST_SEED = 2 ** 31;
const POLICIES = ['drop_oldest', 'refuse', 'shift'];

/** What the model is told before all else, and how it chooses its words. */
class Sampling extends SnoozyElement {
  static properties = {chat: {attribute: false}, preset: {state: true}};

  constructor() {
    super();
    this.chat = null;
    this.preset = '';
    this.uses(chats);
    this.uses(draft);
  }

  willUpdate(changed) {
    if (changed.get('chat')) {
      this.forgets(changed.get('chat'));
    }
    if (this.chat) {
      this.uses(this.chat);
    }
  }

  /** The open chat, or what stands in for one. */
  get target() {
    return this.chat ?? draft;
  }

  /** @param {string} id */
  async #choose(id) {
    this.preset = id;
    const preset = chats.presets.find((p) => p.id === id);
    if (preset) {
      const {documents} = this.target.chat.options; // they belong to the chat
      const options = {...(preset.options ?? {}), ...(documents ? {documents} : {})};
      await this.target.set({system: preset.system ?? '', options});
    }
  }

  /** What a preset keeps: all but the documents. */
  #kept() {
    const {system, options} = this.target.chat;
    const {documents: _, ...kept} = options;
    return {system, options: kept};
  }

  async #save() {
    const name = await promptDialog({title: t('preset.save'), label: t('name')});
    if (name) {
      const {system, options} = this.#kept();
      await trying(async () => {
        const saved = await chats.savePreset({name, system: system ?? '', options});
        this.preset = saved.id;
        notices.show({text: t('preset.saved', {name})});
      });
    }
  }

  async #update() {
    const {system, options} = this.#kept();
    await trying(async () => {
      await chats.changePreset(this.preset, {system: system ?? '', options});
      notices.show({text: t('preset.saved', {name: chats.presets.find((p) => p.id === this.preset).name})});
    });
  }

  #seed() {
    const value = this.target.chat.options.seed;
    return html`<div class="field">
      <label for="seed-field" class="field-name">${t('option.seed')}</label>
      <div class="row row--tight">
        <input
          id="seed-field"
          class="grow"
          type="number"
          step="1"
          data-option="seed"
          placeholder=${t('seed.random')}
          aria-describedby="seed-help"
          .value=${live(value === undefined ? '' : String(value))}
          @change=${(e) => this.target.setOptions({seed: e.target.value === '' ? undefined : Number(e.target.value)})}
        />
        <button
          class="icon-button"
          aria-label=${t('seed.roll')}
          title=${t('seed.roll')}
          @click=${() => this.target.setOptions({seed: Math.floor(Math.random() * MOST_SEED)})}
        >
          ${icon('dice')}
        </button>
        <button
          class="icon-button"
          aria-label=${t('seed.clear')}
          title=${t('seed.clear')}
          @click=${() => this.target.setOptions({seed: undefined})}
        >
          ${icon('close')}
        </button>
      </div>
      <small class="soft" id="seed-help">${t('option.seed.help')}</small>
    </div>`;
  }

  render() {
    const {chat} = this.target;
    const options = chat.options ?? {};
    return html`
      <div class="panel__head">
        <h2>${t('sampling.title')}</h2>
        <button class="icon-button" aria-label=${t('close')} @click=${() => this.tell('close')}>${icon('close')}</button>
      </div>
      <div class="panel__body">
        <div class="field">
          <label for="preset-field" class="field-name">${t('preset')}</label>
          <select id="preset-field" data-test="preset" @change=${(e) => this.#choose(e.target.value)}>
            <option value="" ?selected=${!this.preset}>${t('preset.none')}</option>
            ${chats.presets.map((p) => html`<option value=${p.id} ?selected=${p.id === this.preset}>${p.name}</option>`)}
          </select>
          <div class="row row--tight">
            <button class="button button--small" data-test="preset-save" @click=${() => this.#save()}>${t('preset.save')}</button>
            ${when(
              this.preset,
              () => html`<button class="button button--small" @click=${() => this.#update()}>${t('preset.update')}</button>
                <button
                  class="button button--small"
                  @click=${() =>
                    trying(async () => {
                      await chats.removePreset(this.preset);
                      this.preset = '';
                    })}
                >
                  ${t('delete')}
                </button>`,
            )}
          </div>
        </div>
        <label class="field"
          ><span>${t('system')}</span>
          <textarea
            rows="4"
            dir="auto"
            data-test="system"
            placeholder=${t('system.help')}
            .value=${live(chat.system ?? '')}
            @change=${(e) => this.target.set({system: e.target.value})}
          ></textarea>
        </label>
        ${OPTIONS.map((option) =>
          numberField(option, options[option.name], (value) => this.target.setOptions({[option.name]: value})),
        )}
        ${this.#seed()}
        <label class="field"
          ><span>${t('option.stop')}</span>
          <input
            .value=${live((options.stop ?? []).join(', '))}
            autocomplete="off"
            aria-describedby="stop-help"
            @change=${(e) => {
              const stop = e.target.value.split(',').map((s) => s.trim()).filter(Boolean);
              this.target.setOptions({stop: stop.length > 0 ? stop : undefined});
            }}
          />
          <small class="soft" id="stop-help">${t('option.stop.help')}</small></label
        >
        <label class="field"
          ><span>${t('context.policy')}</span>
          <select data-option="context_policy" @change=${(e) => this.target.setOptions({context_policy: e.target.value || undefined})}>
            <option value="" ?selected=${!options.context_policy}>${t('option.default')}</option>
            ${POLICIES.map(
              (policy) => html`<option value=${policy} ?selected=${policy === options.context_policy}>${t('context.policy.' + policy)}</option>`,
            )}
          </select></label
        >
        <label class="check"
          ><input
            type="checkbox"
            data-test="keep-tokens"
            .checked=${live(this.target.keepTokens)}
            @change=${(e) => {
              this.target.keepTokens = e.target.checked;
            }}
          /><span>${t('tokens.keep')}</span></label
        >
      </div>
    `;
  }
}
customElements.define('sz-sampling', Sampling);

/** Which model answers. */
class ModelChoice extends SnoozyElement {
  constructor() {
    super();
    this.uses(chats);
    this.uses(draft);
  }

  willUpdate() {
    if (this.shown && this.shown !== chats.open) {
      this.forgets(this.shown);
    }
    this.shown = chats.open;
    if (this.shown) {
      this.uses(this.shown);
    }
  }

  render() {
    const target = chats.open ?? draft;
    return html`<span class="model-choice">${modelSelect(chats.models, target.chat.model, (model) => target.set({model}))}</span>`;
  }
}
customElements.define('sz-model-choice', ModelChoice);
