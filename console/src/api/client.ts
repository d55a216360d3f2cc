import { currentLanguage } from '~/language';
import { client } from './generated/client.gen';
import { Offline, Problem } from './problem';

const SAFE = new Set(['GET', 'HEAD']);
let csrfToken = '';
const ended = new Set<() => void>();

/** The CSRF token that changes in this session must send; `GET /account` returns it. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

export function currentCsrfToken(): string {
  return csrfToken;
}

/** The language chosen in the console, not the browser's: problems come in it. */
export function preferredLanguages(): string {
  return currentLanguage() === 'zh' ? 'zh-CN,en;q=0.5' : 'en,zh-CN;q=0.5';
}

/** Calls back when a request finds that the session has ended; returns a function that stops this. */
export function onSessionEnd(call: () => void): () => void {
  ended.add(call);
  return () => ended.delete(call);
}

client.setConfig({ baseUrl: '', credentials: 'same-origin', throwOnError: true });

client.interceptors.request.use((request) => {
  request.headers.set('Accept-Language', preferredLanguages());
  if (!SAFE.has(request.method) && csrfToken) request.headers.set('X-CSRF-Token', csrfToken);
  return request;
});

/** An act that needs two persons is only proposed: the page must not go on as if it were done. */
client.interceptors.response.use((response) => {
  if (response.status === 202 && (response.headers.get('Location') ?? '').startsWith('/api/v1/approvals/')) {
    const title = '已提交，待另一人复核 · Proposed: a second person must agree';
    throw new Problem(202, { code: 'second_person_awaited', title }, response.headers.get('X-Request-Id') ?? '');
  }
  return response;
});

client.interceptors.error.use((error, response, request) => {
  if (error instanceof Problem || error instanceof Offline) return error;
  if (!response) return new Offline(String(error));
  const isLogin = request?.method === 'POST' && new URL(request.url).pathname === '/api/v1/sessions';
  if (response.status === 401 && !isLogin) ended.forEach((call) => call());
  return new Problem(response.status, error, response.headers.get('X-Request-Id') ?? '');
});

/** The header that states the version on which a change is based. */
export function onVersion(version: number): { 'If-Match': string } {
  return { 'If-Match': `"${version}"` };
}
