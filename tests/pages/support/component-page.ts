/** A page that shows a component to a person, and all that it asks for while it lives. */
import { readFileSync } from 'node:fs';
import type { Org } from 'local-org/types.ts';
import { json, type Handler, type HttpResponse } from 'kernel/http.ts';
import { apexAction } from './apex-action.ts';
import type { ComponentModules } from './component-modules.ts';
import { orgSession, type OrgSession } from './org-session.ts';
import { PLATFORM_MODULES, platformModule } from './platform-modules.ts';
import { pageHtml } from './page-html.ts';
import { uiRecord } from './ui-record.ts';

/** Who looks at a page. */
export interface Viewer {
  userId: string;
  /** Sessions end: each page has one of its own. */
  signIn(): Promise<OrgSession>;
}

export interface PageOptions {
  org: Org;
  modules: ComponentModules;
  viewer: Viewer;
  /** As components import it: `c/name`. */
  component: string;
}

const UI_RECORD = /^\/services\/data\/v[\d.]+\/ui-api\/records\/(\w+)$/;
const STYLE_SHEET = 'lwc-tests/platform/slds.css';
const APEX = /^\/apex\/([\w.]+)$/;

const text = (type: string, body: string): HttpResponse => ({
  status: 200,
  headers: { 'content-type': `${type}; charset=utf-8` },
  body,
});

export const componentPage = async (options: PageOptions): Promise<Handler> => {
  const { org, modules, viewer, component } = options;
  const session = await viewer.signIn();
  const platform = { platform: orgSession(org, org.info.accessToken), userId: viewer.userId };
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url, 'http://page');
    if (pathname === '/') return text('text/html', pageHtml(modules.imports, component));
    if (pathname === '/slds.css') return text('text/css', readFileSync(STYLE_SHEET, 'utf8'));

    const [, uiId] = UI_RECORD.exec(pathname) ?? [];
    if (uiId !== undefined) {
      const { status, body } = await uiRecord(session, uiId, searchParams);
      return json(status, body);
    }
    const [, method] = APEX.exec(pathname) ?? [];
    if (method !== undefined) {
      const { status, body } = await apexAction(session, method, JSON.parse(request.body));
      return json(status, body);
    }
    const module = pathname.startsWith(PLATFORM_MODULES)
      ? await platformModule(pathname, platform)
      : modules.at(pathname, searchParams.has('scoped'));
    return module === null ? json(404, { message: `this page has no ${pathname}` }) : text('text/javascript', module);
  };
};
