// The drawings of the tabs and the header: lines of the text's colour, which say nothing to a screen reader.
const NAMESPACE = 'http://www.w3.org/2000/svg';

const PATHS = {
  merchant: 'M12.5 11.5 20 4m-3.5 3.5L19 10M12.5 16a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0Z',
  sign: 'M4 20.5h16M6 16.5l.8-4L16 3.5l3.2 3.2-9.2 9-4 .8Z',
  reply: 'M5 11h14v9.5H5zM8 11V7.5a4 4 0 0 1 7.8-1.2M12 14.5v2.5',
  face: 'M4 8.5V5a1 1 0 0 1 1-1h3.5m7 0H19a1 1 0 0 1 1 1v3.5m0 7V19a1 1 0 0 1-1 1h-3.5m-7 0H5a1 1 0 0 1-1-1v-3.5M9.2 9.6v.6M14.8 9.6v.6M8.8 14.2c1.7 1.8 4.7 1.8 6.4 0',
  medical: 'M9.2 3.8h5.6v5.4h5.4v5.6h-5.4v5.4H9.2v-5.4H3.8V9.2h5.4Z',
  push: 'M6.5 16v-5a5.5 5.5 0 0 1 11 0v5l2 2h-15l2-2ZM10 21h4',
  timeline: 'M12 7v5.2l3.2 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  codes: 'm16 16 5 5M18.5 10.75a7.75 7.75 0 1 1-15.5 0 7.75 7.75 0 0 1 15.5 0Z',
  numbers: 'M3 5.5h18v13H3zM10.5 10.2a1.9 1.9 0 1 1-3.8 0 1.9 1.9 0 0 1 3.8 0ZM5.8 15.5c.8-2.2 5-2.2 5.6 0M14 10h4M14 13.5h4',
  miniprogram: 'm8 7-5 5 5 5m8-10 5 5-5 5M13.8 4.5l-3.6 15',
  tick: 'm5 12.5 4.5 4.5L19 7',
  safe: 'M12 3.2 5 6v5.4c0 4.3 2.9 7.6 7 9.4 4.1-1.8 7-5.1 7-9.4V6l-7-2.8ZM9 12l2.2 2.2L15.2 10',
  theme: 'M20 14.2A8.2 8.2 0 0 1 9.8 4 8.3 8.3 0 1 0 20 14.2Z',
  language: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0ZM3.5 12h17M12 3c-5.3 5.4-5.3 12.6 0 18 5.3-5.4 5.3-12.6 0-18Z',
};

export function icon(name) {
  const drawing = document.createElementNS(NAMESPACE, 'svg');
  const line = document.createElementNS(NAMESPACE, 'path');
  for (const [key, value] of Object.entries({ class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' })) {
    drawing.setAttribute(key, value);
  }
  line.setAttribute('d', PATHS[name]);
  drawing.append(line);
  return drawing;
}
