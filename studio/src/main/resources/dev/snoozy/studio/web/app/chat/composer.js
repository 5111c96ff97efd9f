import {SnoozyElement, html, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {bytes, t} from 'app/core/i18n.js';
import {chats} from 'app/chat/chats.js';
import {draft} from 'app/chat/draft.js';
import {documentsDialog} from 'app/chat/documents.js';
import {ACCEPTED, readFiles} from 'app/chat/attachments.js';
import {chooseFiles} from 'app/parts/clipboard.js';
import {notices, trying} from 'app/parts/toast.js';

const TALLEST = 280;

/** Where messages are written. */
class Composer extends SnoozyElement {
  static properties = {chat: {attribute: false}, files: {state: true}, dropping: {state: true}, busy: {state: true}};

  constructor() {
    super();
    this.chat = null;
    /** @type {{name: string, bytes: number, text: string}[]} */
    this.files = [];
    this.dropping = false;
    this.busy = false;
    this.uses(chats);
    this.uses(draft);
  }

  willUpdate(changed) {
    const old = changed.get('chat');
    if (old) {
      this.forgets(old);
    }
    if (this.chat) {
      this.uses(this.chat);
    }
  }

  get box() {
    return this.querySelector('textarea');
  }

  async #send() {
    const text = this.box.value.trim();
    const answering = this.chat?.live.size > 0;
    if (this.busy || answering || (!text && this.files.length === 0)) {
      return;
    }
    this.busy = true;
    await trying(async () => {
      const chat = this.chat ?? (await chats.create(draft.take()));
      const files = this.files;
      this.files = [];
      this.box.value = '';
      this.#grow();
      try {
        await chat.say(text, files);
      } catch (e) {
        this.files = files;
        this.box.value = text;
        throw e;
      }
    });
    this.busy = false;
  }

  #grow() {
    this.box.style.height = 'auto';
    this.box.style.height = `${Math.min(this.box.scrollHeight + 2, TALLEST)}px`;
  }

  /** @param {KeyboardEvent} e */
  #keys(e) {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
      e.preventDefault();
      this.#send();
    }
  }

  /** @param {File[]} files */
  async #add(files) {
    const {read, refused} = await readFiles(files, this.files);
    this.files = [...this.files, ...read];
    for (const text of refused) {
      notices.show({text, problem: true});
    }
  }

  /** The open chat, or what stands in for one. */
  get target() {
    return this.chat ?? draft;
  }

  get documents() {
    return this.target.chat.options?.documents ?? [];
  }

  /** @param {string[]} names of collections */
  #setDocuments(names) {
    return this.target.setOptions({documents: names.length > 0 ? names : undefined});
  }

  async #chooseDocuments() {
    const names = await documentsDialog(this.documents);
    if (names) {
      await this.#setDocuments(names);
    }
  }

  /** @param {ClipboardEvent} e */
  #paste(e) {
    const files = [...e.clipboardData.files];
    if (files.length > 0) {
      e.preventDefault();
      this.#add(files);
    }
  }

  /** @param {DragEvent} e */
  #drop(e) {
    e.preventDefault();
    this.dropping = false;
    this.#add([...e.dataTransfer.files]);
  }

  render() {
    const answering = this.chat?.live.size > 0;
    return html`<form
      class="composer ${this.dropping ? 'composer--drop' : ''}"
      aria-label=${t('compose.label')}
      @submit=${(e) => {
        e.preventDefault();
        this.#send();
      }}
      @dragover=${(e) => {
        e.preventDefault();
        this.dropping = true;
      }}
      @dragleave=${() => (this.dropping = false)}
      @drop=${(e) => this.#drop(e)}
    >
      ${when(this.documents.length > 0, () => this.#collections())}
      ${when(
        this.files.length > 0,
        () => html`<ul class="plain attachments">
          ${this.files.map(
            (file) => html`<li class="chip">
              ${icon('attach')}<span dir="auto">${file.name}</span><span class="soft small">${bytes(file.bytes)}</span>
              <button
                class="icon-button icon-button--small"
                type="button"
                aria-label=${t('compose.remove', {name: file.name})}
                @click=${() => (this.files = this.files.filter((f) => f !== file))}
              >
                ${icon('close')}
              </button>
            </li>`,
          )}
        </ul>`,
      )}
      <div class="composer__row">
        <button
          class="icon-button"
          type="button"
          aria-label=${t('compose.attach')}
          title=${t('compose.attach')}
          @click=${async () => this.#add(await chooseFiles(ACCEPTED, true))}
        >
          ${icon('attach')}
        </button>
        <button
          class="icon-button"
          type="button"
          aria-label=${t('compose.documents')}
          title=${t('compose.documents')}
          data-test="choose-documents"
          @click=${() => this.#chooseDocuments()}
        >
          ${icon('documents')}
        </button>
        <textarea
          rows="1"
          aria-label=${t('compose.text')}
          placeholder=${t('compose.text')}
          dir="auto"
          data-test="compose"
          @keydown=${(e) => this.#keys(e)}
          @input=${() => this.#grow()}
          @paste=${(e) => this.#paste(e)}
        ></textarea>
        ${answering
          ? html`<button class="button button--main composer__go" type="button" aria-label=${t('stop')} title=${t('stop')} @click=${() => this.chat.stop()}>
              ${icon('stop')}
            </button>`
          : html`<button class="button button--main composer__go" type="submit" aria-label=${t('send')} title=${t('send')} data-test="send" ?disabled=${this.busy}>
              ${icon('send')}
            </button>`}
      </div>
    </form>`;
  }

  #collections() {
    const names = this.documents;
    return html`<ul class="plain attachments" aria-label=${t('compose.documents')}>
      ${names.map(
        (name) => html`<li class="chip" data-test="chat-documents">
          ${icon('documents')}<span dir="auto">${name}</span>
          <button
            class="icon-button icon-button--small"
            type="button"
            aria-label=${t('compose.remove', {name})}
            @click=${() => this.#setDocuments(names.filter((one) => one !== name))}
          >
            ${icon('close')}
          </button>
        </li>`,
      )}
    </ul>`;
  }
}
customElements.define('sz-composer', Composer);
