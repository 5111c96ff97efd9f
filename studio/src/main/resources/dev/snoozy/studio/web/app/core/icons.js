import {html, svg} from 'lit-html';

/** The paths of the icons, drawn in strokes of a square of 24. */
const PATHS = {
  chat: 'M4 5h16v11H9l-5 4z',
  documents: 'M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7',
  lab: 'M9 3h6M10 3v6l-5 9a2 2 0 0 0 2 3h10a2 2 0 0 0 2-3l-5-9V3M7.500 15h9',
  models: 'M12 3l8 4.500v9L12 21l-8-4.500v-9zM4 7.500l8 4.500 8-4.500M12 12v9',
  tune: 'M4 5v15h16M7 9c2 7 5 8 12 8',
  data: 'M5 6c0-3 14-3 14 0v12c0 3-14 3-14 0zM5 6c0 3 14 3 14 0M5 12c0 3 14 3 14 0',
  evaluate: 'M4 20h16M6 20v-7h3v7M11 20V5h3v15M16 20v-10h3v10',
  cook: 'M4 10h16v3a7 7 0 0 1-7 7h-2a7 7 0 0 1-7-7zM8 3v4M12 3v4M16 3v4',
  jobs: 'M4 6h10M4 12h16M4 18h7M18 4v4',
  server: 'M4 4h16v6H4zM4 14h16v6H4zM8 7h.01M8 17h.01',
  settings: 'M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4',
  plus: 'M12 5v14M5 12h14',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4 4',
  pin: 'M9 4h6l-1 6 3 3H7l3-3zM12 13v7',
  folder: 'M3 6h6l2 2h10v11H3z',
  more: 'M4.500 12h1M11.500 12h1M18.500 12h1',
  send: 'M12 19V5M6 11l6-6 6 6',
  stop: 'M7 7h10v10H7z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  edit: 'M4 20l4-1L19 8l-3-3L5 16zM14 7l3 3',
  redo: 'M20 11a8 8 0 1 0-2 6M20 5v6h-6',
  next: 'M5 5l9 7-9 7zM19 5v14',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  down: 'M5 9l7 7 7-7',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12l5 5 9-10',
  attach: 'M20 11l-8 8a5 5 0 0 1-7-7l8-8a3.300 3.300 0 0 1 5 5l-8 8a1.700 1.700 0 0 1-2.500-2.500l7-7',
  sliders: 'M4 8h10M18 8h2M16 6v4M4 16h2M10 16h10M8 14v4',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5',
  dice: 'M5 5h14v14H5zM9 9h.01M15 15h.01M15 9h.01M9 15h.01',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 5l12 7-12 7z',
  keyboard: 'M3 7h18v10H3zM7 11h.01M11 11h.01M15 11h.01M8 14h8',
  list: 'M9 6h11M9 12h11M9 18h11M5 6h.01M5 12h.01M5 18h.01',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  upload: 'M12 16V5M7 9l5-5 5 5M5 20h14',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  branch: 'M7 4v10M7 14a3 3 0 1 0 .01 0M17 4a3 3 0 1 0 .01 0M17 10c0 5-6 4-9 6',
  warning: 'M12 4l9 16H3zM12 10v4M12 17h.01',
};

/** An icon that says nothing by itself: its button has the words. @param {keyof typeof PATHS} name */
export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${PATHS[name]} />`}</svg>`;
}
