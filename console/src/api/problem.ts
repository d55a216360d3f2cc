/** One error in the input, at its place (RFC 6901 pointer, `/newPassword`). */
export interface Fault {
  code: string;
  detail: string;
  pointer: string;
  source?: 'body' | 'query' | 'path' | 'header';
}

/** A problem response of the service (RFC 9457), with the id of the request in its log. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly faults: Fault[];
  readonly requestId: string;

  constructor(status: number, body: unknown, requestId: string) {
    const told = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    super(text(told.title) || `HTTP ${status}`);
    this.status = status;
    this.code = text(told.code) || 'unknown';
    this.detail = text(told.detail);
    this.faults = Array.isArray(told.errors) ? (told.errors as Fault[]) : [];
    this.requestId = requestId;
  }
}

/** Whether nothing is at this address: the item does not exist, or the address itself holds no valid id. */
export function isMissing(error: Problem): boolean {
  return error.status === 404 || (error.faults.length > 0 && error.faults.every(({ source }) => source === 'path'));
}

/** There was no response: no network, or the service is down. */
export class Offline extends Error {}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
