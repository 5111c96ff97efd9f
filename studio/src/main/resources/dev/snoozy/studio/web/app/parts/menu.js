import {SnoozyElement, html} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';

/**
 * A button with a list of actions.
 * @typedef {{text: string, icon?: string, run: () => void, danger?: boolean, checked?: boolean}} Item
 */
class Menu extends SnoozyElement {
  static properties = {
    label: {type: String},
    icon: {type: String},
    items: {attribute: false},
    open: {state: true},
  };

  constructor() {
    super();
    this.icon = 'more';
    /** @type {() => Item[]} */
    this.items = () => [];
    this.open = false;
  }

  #show() {
    const list = this.querySelector('[popover]');
    list.showPopover();
    const button = this.querySelector('button').getBoundingClientRect();
    const box = list.getBoundingClientRect();
    const below = button.bottom + 4 + box.height <= innerHeight;
    list.style.top = `${Math.max(4, below ? button.bottom + 4 : button.top - box.height - 4)}px`;
    list.style.left = `${Math.max(4, Math.min(button.left, innerWidth - box.width - 4))}px`;
    list.querySelector('[role^=menuitem]')?.focus();
  }

  async #toggle() {
    if (this.open) {
      this.querySelector('[popover]').hidePopover();
      return;
    }
    this.open = true;
    await this.updateComplete;
    this.#show();
  }

  /** @param {KeyboardEvent} e */
  #keys(e) {
    const items = [...this.querySelectorAll('[role^=menuitem]')];
    const at = items.indexOf(document.activeElement);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1}[e.key];
    if (to !== undefined) {
      e.preventDefault();
      items.at(to % items.length).focus();
    } else if (e.key === 'Tab') {
      this.querySelector('[popover]').hidePopover();
    }
  }

  /** @param {Item} item */
  #choose(item) {
    this.querySelector('[popover]').hidePopover();
    this.querySelector('button').focus();
    item.run();
  }

  render() {
    return html`<button
        class="icon-button"
        aria-haspopup="menu"
        aria-expanded=${this.open}
        aria-label=${this.label}
        title=${this.label}
        @click=${this.#toggle}
      >
        ${icon(this.icon)}
      </button>
      ${this.open
        ? html`<div
            class="menu"
            popover
            role="menu"
            aria-label=${this.label}
            @keydown=${this.#keys}
            @toggle=${(e) => {
              if (e.newState === 'closed') {
                this.open = false;
              }
            }}
          >
            ${this.items().map(
              (item) => html`<button
                role=${item.checked === undefined ? 'menuitem' : 'menuitemradio'}
                aria-checked=${item.checked === undefined ? 'false' : String(item.checked)}
                class="menu__item ${item.danger ? 'menu__item--danger' : ''}"
                tabindex="-1"
                @click=${() => this.#choose(item)}
              >
                ${icon(item.checked ? 'check' : (item.icon ?? 'right'))}<span>${item.text}</span>
              </button>`,
            )}
          </div>`
        : ''}`;
  }
}
customElements.define('sz-menu', Menu);
