import { PLATFORM_MODULES, labelImports } from './platform-modules.ts';

/** The right column of a record page on a screen of ordinary width. */
const COLUMN_PIXELS = 420;

/**
 * The frame around a component: what Lightning Experience does for it, and no more. `showRecord(id)` goes to the page
 * of a record, which makes the component again, as there.
 */
export const pageHtml = (imports: Record<string, string>, component: string): string => {
  const importMap = {
    imports: {
      ...imports,
      ...labelImports(),
      '@salesforce/apex': `${PLATFORM_MODULES}apex`,
      '@salesforce/': PLATFORM_MODULES,
    },
  };
  const tag = component.replace('/', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `<!doctype html>
<html lang="en">
  <head>
    <title>${component}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/slds.css" />
    <script>globalThis.process = { env: { NODE_ENV: 'development' } };</script>
    <script type="importmap">${JSON.stringify(importMap)}</script>
  </head>
  <body>
    <main style="max-width: ${COLUMN_PIXELS}px; padding: 1rem"><h1>Record</h1></main>
    <div role="log" aria-label="Toasts"></div>
    <script>
      // Synthetic shadow changes what the engine builds on, so it comes first.
      const loaded = import('@lwc/synthetic-shadow').then(() => Promise.all([import('lwc'), import('${component}')]));
      const toasts = document.querySelector('[role=log]');
      let element;

      async function showRecord(recordId) {
        const [{ createElement }, { default: component }] = await loaded;
        element?.remove();
        toasts.replaceChildren();
        element = createElement('${tag}', { is: component });
        element.recordId = recordId;
        document.querySelector('main').append(element);
      }

      document.addEventListener('lightning__showtoast', ({ detail: { variant, title, message } }) => {
        const toast = document.createElement('p');
        toast.className = 'slds-theme_' + variant;
        toast.textContent = title + ': ' + message;
        toasts.append(toast);
      });
    </script>
  </body>
</html>`;
};
