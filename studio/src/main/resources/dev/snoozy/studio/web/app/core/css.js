import {noChange} from 'lit-html';
import {Directive, directive} from 'lit-html/directive.js';

/**
 * Sets styles of an element that depend on values: `<span ${css({width: '3rem'})}>`. It uses the
 * style object, because the page's rules forbid style attributes.
 */
class Css extends Directive {
  render() {
    return noChange;
  }

  /** @param {{element: HTMLElement}} part @param {[Record<string, string>]} values */
  update(part, [values]) {
    for (const [name, value] of Object.entries(values)) {
      part.element.style.setProperty(name, value);
    }
    return noChange;
  }
}

export const css = directive(Css);
