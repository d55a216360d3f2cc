import { currentCsrfToken, preferredLanguages } from '~/api/client';
import { Offline, Problem } from '~/api/problem';

/**
 * Sends a form and reports its progress in 0..1, which `fetch` cannot do. Rejects with a Problem or Offline, like the client.
 */
export function send(path: string, form: FormData, progress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('X-CSRF-Token', currentCsrfToken());
    request.setRequestHeader('Accept-Language', preferredLanguages());
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new Offline('no answer'));
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(new Problem(request.status, answerOf(request.responseText), request.getResponseHeader('X-Request-Id') ?? ''));
    };
    request.send(form);
  });
}

function answerOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // an error page of a proxy: only status and request id are known
  }
}
