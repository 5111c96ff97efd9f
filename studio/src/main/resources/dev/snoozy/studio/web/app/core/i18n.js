import {Store} from 'app/core/store.js';

/** The languages that there are catalogues for, by their own names. */
export const LANGUAGES = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  zh: '中文',
};

/** The language of the page, and its catalogue. */
class Language extends Store {
  code = 'en';
  /** @type {Record<string, string>} */
  catalogue = {};
  plural = new Intl.PluralRules('en');

  /** @param {string} code */
  async choose(code) {
    const wanted = code in LANGUAGES ? code : this.ofBrowser();
    if (wanted === this.code && Object.keys(this.catalogue).length > 0) {
      return;
    }
    const answer = await fetch(new URL(`lang/${wanted}.json`, document.baseURI));
    this.catalogue = await answer.json();
    this.code = wanted;
    this.plural = new Intl.PluralRules(wanted);
    document.documentElement.lang = wanted;
    this.changed();
  }

  ofBrowser() {
    const wanted = navigator.languages.map((l) => l.slice(0, 2));
    return wanted.find((l) => l in LANGUAGES) ?? 'en';
  }
}

export const language = new Language();

/**
 * A text of the catalogue.
 * @param {string} key
 * @param {Record<string, unknown>} [values] what stands for the {names} in it
 */
export function t(key, values = {}) {
  const text = language.catalogue[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * A text that depends on a number; `key.one` and `key.other` are in the catalogue.
 * @param {string} key @param {number} count @param {Record<string, unknown>} [values]
 */
export function plural(key, count, values = {}) {
  const form = language.plural.select(count) === 'one' ? 'one' : 'other';
  return t(`${key}.${form}`, {count: number(count), ...values});
}

/** @param {number} value @param {number} [digits] */
export function number(value, digits = 0) {
  return new Intl.NumberFormat(language.code, {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  }).format(value);
}

/** A count of bytes in the units of files. @param {number} bytes */
export function bytes(bytes) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return new Intl.NumberFormat(language.code, {
    style: 'unit',
    unit: units[unit],
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  }).format(value);
}

/** @param {string} time ISO 8601 */
export function moment(time) {
  return new Intl.DateTimeFormat(language.code, {dateStyle: 'medium', timeStyle: 'short'}).format(
    new Date(time),
  );
}

/** A duration in the largest unit that fits. @param {number} seconds */
export function duration(seconds) {
  const [unit, value] =
    seconds < 90 ? ['second', seconds] : seconds < 5400 ? ['minute', seconds / 60] : ['hour', seconds / 3600];
  return new Intl.NumberFormat(language.code, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
